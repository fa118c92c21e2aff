namespace Grid.Primitives.Options;

/// <summary>A row whose flag is known and not supported in this version: it parses, and setting it is refused by name.</summary>
/// <param name="name">The flag without dashes.</param>
internal sealed class PlannedOption(string name) : EngineOption(name, "Not supported in this version")
{
    /// <inheritdoc/>
    public override bool IsPlanned => true;

    /// <inheritdoc/>
    public override OptionForm Form => OptionForm.Text;

    /// <inheritdoc/>
    public override string Rule => "left out: it is not supported in this version";

    /// <inheritdoc/>
    public override string ValueName => "";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Choices => [];

    /// <inheritdoc/>
    public override double Min => 0;

    /// <inheritdoc/>
    public override double Max => 0;

    /// <inheritdoc/>
    public override string? TextOf(EngineOptions options) => null;

    /// <inheritdoc/>
    public override bool TrySet(EngineOptions options, string text, out EngineOptions changed)
    {
        changed = options;
        return false;
    }
}
