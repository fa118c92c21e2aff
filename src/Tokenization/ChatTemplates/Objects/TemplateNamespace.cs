namespace Grid.Tokenization.ChatTemplates.Objects;

/// <summary>Jinja's <c>namespace()</c>: the one object whose attributes a template may set.</summary>
internal sealed class TemplateNamespace(TemplateDict members)
{
    public TemplateDict Members { get; } = members;
}
