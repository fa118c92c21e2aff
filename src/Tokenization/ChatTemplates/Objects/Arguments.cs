namespace Grid.Tokenization.ChatTemplates.Objects;

/// <summary>Evaluated arguments of a call.</summary>
internal sealed record Arguments(IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Keyword)
{
    private static readonly Dictionary<string, object?> NoKeywords = [];

    public static Arguments Empty { get; } = new([]);

    public Arguments(IReadOnlyList<object?> positional)
        : this(positional, NoKeywords)
    {
    }

    public int Count => Positional.Count + Keyword.Count;

    /// <summary>The arguments by parameter, for a function that has no others.</summary>
    public BoundArguments Bind(string function, params string[] parameters)
    {
        if (Positional.Count > parameters.Length)
            throw new TemplateRuntimeException($"{function}() takes at most {parameters.Length} arguments ({Positional.Count} given)");
        var values = new object?[parameters.Length];
        var isGiven = new bool[parameters.Length];
        for (var i = 0; i < Positional.Count; i++) (values[i], isGiven[i]) = (Positional[i], true);
        foreach (var (name, value) in Keyword)
        {
            var i = Array.IndexOf(parameters, name);
            if (i < 0) throw new TemplateRuntimeException($"{function}() got an unexpected keyword argument '{name}'");
            if (isGiven[i]) throw new TemplateRuntimeException($"{function}() got multiple values for argument '{name}'");
            (values[i], isGiven[i]) = (value, true);
        }

        return new(function, parameters, values, isGiven);
    }

    /// <summary>The same without the first <paramref name="count"/> positional arguments.</summary>
    public Arguments Skip(int count) => this with { Positional = [.. Positional.Skip(count)] };
}
