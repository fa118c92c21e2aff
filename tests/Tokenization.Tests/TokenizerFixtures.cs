using System.Collections.Concurrent;
using Grid.TestUtilities;
using Grid.Tokenization.Loading;

namespace Grid.Tokenization.Tests;

/// <summary>The tokenizers with vectors: committed ones, and larger ones that may be absent.</summary>
public static class TokenizerFixtures
{
    private static readonly ConcurrentDictionary<string, Lazy<ITokenizer>> Loaded = new();

    public static string[] Made { get; } = [
        .. Directory.GetDirectories(Fixtures.Own("tokenizers/made")).Select(folder => Path.GetFileName(folder)!)
        .Order(StringComparer.Ordinal)];

    public static TheoryData<string, string> Committed { get; } =
        [.. Made.Select(name => ($"tokenizers/made/{name}", "vectors.json")), ("hf/opt-bin", "vectors.json")];

    public static TheoryData<string, string> Published { get; } =
    [
        ("tokenizers/gpt2", "vectors.json"), ("tokenizers/llama3", "vectors.json"), ("tokenizers/qwen3", "vectors.json"),
            ("models/stories260K", "tokenizer-vectors.json"),
    ];

    public static ITokenizer Load(string folder) => Loaded.GetOrAdd(folder, path => new(() => TokenizerLoader.FromFolder(path))).Value;
}
