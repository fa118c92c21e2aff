using Grid.Tokenization.ChatTemplates.Objects;

namespace Grid.Tokenization.ChatTemplates.Rendering;

/// <summary>Variables of a body, in front of those around it. Setting never reaches outwards.</summary>
internal sealed class Scope(Scope? parent)
{
    private readonly Dictionary<string, object?> _variables = [];

    public void Set(string name, object? value) => _variables[name] = value;

    public object? Get(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Parent)
            if (scope._variables.TryGetValue(name, out var value)) return value;
        return new Undefined($"'{name}' is undefined");
    }

    private Scope? Parent { get; } = parent;
}
