using Grid.Tokenization.Patterns;
using Grid.Tokenization.PreTokenization;

namespace Grid.Tokenization.HuggingFace;

internal static class PreTokenizerReader
{
    private const string Supported = "ByteLevel, Split, Digits, Metaspace, Sequence";

    public static IPreTokenizer Read(JsonComponent step) => step.Type switch
    {
        "ByteLevel" => new ByteLevelPreTokenizer(step.GetFlag("add_prefix_space", true), step.GetFlag("use_regex", true)),
        "Split" => new SplitPreTokenizer(PatternReader.Read(step.Get("pattern")), Behavior(step.Get("behavior")), step.GetFlag("invert")),
        "Digits" =>
            new SplitPreTokenizer(new RegexPattern(@"\p{N}"),
            step.GetFlag("individual_digits") ? SplitBehavior.Isolated : SplitBehavior.Contiguous),
        "Metaspace" => new MetaspacePreTokenizer(step.Get("replacement").Character(), Scheme(step), step.GetFlag("split", true)),
        "Sequence" => new PreTokenizerSequence([.. step.Items("pretokenizers").Select(Read)]),
        _ => throw step.UnsupportedType(Supported),
    };

    /// <summary>Metaspace's scheme; older files have <c>add_prefix_space</c> in its place.</summary>
    public static PrependScheme Scheme(JsonComponent metaspace) => metaspace.Find("prepend_scheme") is { } scheme
        ? scheme.Text() switch
        {
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            var other => throw scheme.Fault($"'{other}' is not always, first or never"),
        }
        : metaspace.GetFlag("add_prefix_space", true) ? PrependScheme.Always : PrependScheme.Never;

    private static SplitBehavior Behavior(JsonComponent behavior) =>
        Enum.TryParse<SplitBehavior>(behavior.Text(), out var value) && Enum.IsDefined(value)
            ? value
            : throw behavior.Fault($"'{behavior.Text()}' is not supported; supported: {string.Join(", ", Enum.GetNames<SplitBehavior>())}");
}
