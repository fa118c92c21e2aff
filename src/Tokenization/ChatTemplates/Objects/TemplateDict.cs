namespace Grid.Tokenization.ChatTemplates.Objects;

/// <summary>Python's dict: in order of insertion, with Python's equality of keys.</summary>
internal sealed class TemplateDict : OrderedDictionary<object, object?>
{
    public TemplateDict()
        : base(PythonEquality.Instance)
    {
    }

    public TemplateDict(TemplateDict other)
        : base(other, PythonEquality.Instance)
    {
    }
}
