namespace Grid.Configuration.Reading;

/// <summary>What an engine key holds.</summary>
internal enum EngineValue
{
    Text,
    Path,
    Truth,
    Whole,
    Number,
    Bytes,
    Time,
    Length,
    Choice,
    Json,
}

/// <summary>One key of engine: in grid.yaml.</summary>
/// <param name="Name">The flag in camelCase.</param>
/// <param name="Value">What it holds.</param>
/// <param name="Min">Of a number.</param>
/// <param name="Max">Of a number.</param>
/// <param name="Choices">Of a choice.</param>
internal sealed record EngineKey(string Name, EngineValue Value, double Min = 0, double Max = 0, string[]? Choices = null)
{
    /// <summary>The command line's spelling: <c>--max-model-len</c>.</summary>
    public string Flag => "--" + string.Concat(Name.Select(letter => char.IsAsciiLetterUpper(letter) ? $"-{char.ToLowerInvariant(letter)}" : letter.ToString()));
}
