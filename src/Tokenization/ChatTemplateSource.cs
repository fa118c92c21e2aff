namespace Grid.Tokenization;

/// <summary>The texts of a model's chat templates, in Jinja, by name.</summary>
/// <param name="Templates">Text by name: <c>default</c>, <c>tool_use</c>...; empty where the model has none.</param>
public sealed record ChatTemplateSource(IReadOnlyDictionary<string, string> Templates)
{
    /// <summary>The name of the template that is used where none is asked for.</summary>
    public const string DefaultName = "default";

    /// <summary>No template at all.</summary>
    public static ChatTemplateSource None { get; } = new(new Dictionary<string, string>());

    /// <summary>The template without a name, or null.</summary>
    public string? Default => Find(DefaultName);

    /// <summary>One template, under the name <c>default</c>.</summary>
    public static ChatTemplateSource Single(string template) => new(new Dictionary<string, string> { [DefaultName] = template });

    /// <summary>The template of a name, or null.</summary>
    public string? Find(string name) => Templates.GetValueOrDefault(name);
}
