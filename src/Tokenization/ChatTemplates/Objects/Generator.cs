namespace Grid.Tokenization.ChatTemplates.Objects;

/// <summary>What lazy filters give: it can be gone through once and has no length.</summary>
internal sealed class Generator(List<object?> items)
{
    private List<object?> _items = items;

    public List<object?> Take()
    {
        var items = _items;
        _items = [];
        return items;
    }
}
