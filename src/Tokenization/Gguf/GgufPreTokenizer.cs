using Grid.Tokenization.Patterns;
using Grid.Tokenization.PreTokenization;

namespace Grid.Tokenization.Gguf;

/// <summary>The pre-tokenizers that <c>tokenizer.ggml.pre</c> names, as llama.cpp defines them.</summary>
/// <param name="Patterns">Splits, one after the other; every match is a piece.</param>
internal sealed record GgufPreTokenizer(params string[] Patterns)
{
    private const string Contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string Tail = @" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string UpperLetters = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]";
    private const string LowerLetters = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";
    private const string CasedTail = @" ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private static readonly GgufPreTokenizer Gpt2 = new(ByteLevelPreTokenizer.WordPattern);
    private static readonly GgufPreTokenizer SingleDigits = new(@"\p{N}", ByteLevelPreTokenizer.WordPattern);

    // Words first, as transformers reads such files: the words' look-ahead sees the digits that follow white space.
    private static readonly GgufPreTokenizer SmolLm = new(ByteLevelPreTokenizer.WordPattern, @"\p{Nd}");

    private static readonly GgufPreTokenizer Qwen2 = new($@"{Contractions}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}|{Tail}");
    private static readonly GgufPreTokenizer Dbrx = new($@"{Contractions}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{{1,3}}|{Tail}");
    private static readonly GgufPreTokenizer Llama3 = Dbrx with { IgnoreMerges = true, AddBos = true };

    private static readonly GgufPreTokenizer DeepSeek3 = new(
        @"\p{N}{1,3}",
        @"[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+",
        @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"
        + @"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+");

    private static readonly GgufPreTokenizer DeepSeekCoder = new(
        @"[\r\n]", @"\s?\p{L}+", @"\s?\p{P}+", @"[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+", @"\p{N}");

    private static readonly GgufPreTokenizer Default =
        new(@"[\p{P}\$\+<=>\^~\|]+", ByteLevelPreTokenizer.WordPattern, @"\p{N}+", "[0-9][0-9][0-9]");
    private static readonly GgufPreTokenizer Falcon = new(@"[\p{P}\$\+<=>\^~\|`]+", ByteLevelPreTokenizer.WordPattern, "[0-9][0-9][0-9]");
    private static readonly GgufPreTokenizer Gpt4o = new(Cased($"{Contractions}?", @"\p{N}{1,3}"));
    private static readonly GgufPreTokenizer Tekken = new(Cased("", @"\p{N}")) { IgnoreMerges = true, AddBos = true };

    private static readonly Dictionary<string, GgufPreTokenizer> ByName = new(StringComparer.Ordinal)
    {
        ["default"] = Default,
        ["gpt-2"] = Gpt2, ["phi-2"] = Gpt2, ["mpt"] = Gpt2, ["olmo"] = Gpt2, ["jais"] = Gpt2, ["trillion"] = Gpt2, ["gigachat"] = Gpt2,
        ["roberta-bpe"] = Gpt2,
        ["smollm"] = SmolLm, ["starcoder"] = SingleDigits, ["refact"] = SingleDigits, ["command-r"] = SingleDigits,
        ["codeshell"] = SingleDigits,
        ["exaone"] = SingleDigits, ["minerva-7b"] = SingleDigits,
        ["llama3"] = Llama3, ["llama-v3"] = Llama3, ["llama-bpe"] = Llama3, ["falcon3"] = Llama3, ["pixtral"] = Llama3,
        ["dbrx"] = Dbrx, ["smaug-bpe"] = Dbrx, ["chatglm-bpe"] = Dbrx, ["glm4"] = Dbrx,
        ["qwen2"] = Qwen2, ["deepseek-r1-qwen"] = Qwen2, ["stablelm2"] = Qwen2, ["megrez"] = Qwen2, ["hunyuan"] = Qwen2,
        ["deepseek-v3"] = DeepSeek3, ["hunyuan-dense"] = DeepSeek3,
        ["deepseek-coder"] = DeepSeekCoder,
        ["falcon"] = Falcon,
        ["gpt-4o"] = Gpt4o, ["llama4"] = Gpt4o,
        ["tekken"] = Tekken,
    };

    /// <summary>Whether a piece that is a token by itself is taken whole.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>Whether a text begins with BOS where the file does not say.</summary>
    public bool AddBos { get; init; }

    /// <summary>The names that <see cref="Find"/> knows.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    public static GgufPreTokenizer? Find(string name) => ByName.GetValueOrDefault(name);

    public IPreTokenizer Build() => new PreTokenizerSequence(
    [
        .. Patterns.Select(pattern => new SplitPreTokenizer(new RegexPattern(pattern), SplitBehavior.Isolated)),
        new ByteLevelPreTokenizer(addPrefixSpace: false, useRegex: false),
    ]);

    /// <summary>Words that begin with capitals and go on in small letters, with what may follow them.</summary>
    private static string Cased(string suffix, string digits) =>
        $@"[^\r\n\p{{L}}\p{{N}}]?{UpperLetters}*{LowerLetters}+{suffix}"
        + $@"|[^\r\n\p{{L}}\p{{N}}]?{UpperLetters}+{LowerLetters}*{suffix}|{digits}|{CasedTail}";
}
