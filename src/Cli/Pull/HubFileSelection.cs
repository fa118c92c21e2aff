using System.IO.Enumeration;
using Grid.Abstractions;
using Grid.Cli.CommandLine;

namespace Grid.Cli.Pull;

/// <summary>Which files of a repository serve a model: configuration, tokenizer, and one set of weights.</summary>
internal static class HubFileSelection
{
    private static readonly string[] Always =
    [
        "*.json", "merges.txt", "vocab.txt", "*.model", "*.tiktoken", "chat_template.jinja", "additional_chat_templates/*.jinja",
    ];

    /// <summary>Safetensors where there are any, else pickled weights, else the only GGUF file.</summary>
    /// <param name="names">All files of the repository.</param>
    /// <param name="include">Patterns (<c>*</c>, <c>?</c>) that replace the choice; empty: the choice above.</param>
    /// <exception cref="CommandException">Several GGUF files and no pattern, or nothing that matches.</exception>
    public static IReadOnlyList<string> Choose(IReadOnlyList<string> names, IReadOnlyList<string> include)
    {
        if (include.Count > 0)
            return NotEmpty([.. names.Where(name => Matches(name, include))], $"No file matches --include {string.Join(' ', include)}");
        var weights = Weights(names);
        var other = names.Where(name => Matches(name, Always) && !IsIndexOfAnotherFormat(name, weights));
        return NotEmpty([.. other, .. weights], "The repository holds no model file");
    }

    private static string[] Weights(IReadOnlyList<string> names)
    {
        var top = names.Where(name => !name.Contains('/')).ToArray();
        string[] safetensors = [
            .. top.Where(
            name => name.EndsWith(".safetensors", StringComparison.Ordinal) && !name.StartsWith("consolidated", StringComparison.Ordinal))];
        if (safetensors.Length > 0) return safetensors;
        string[] pickled = [.. top.Where(name => Matches(name, ["pytorch_model*.bin"]))];
        if (pickled.Length > 0) return pickled;
        string[] gguf = [.. top.Where(name => name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase))];
        return gguf.Length <= 1
            ? gguf
            : throw new CommandException(
            $"The repository holds {gguf.Length} GGUF files: choose with --include, one of {string.Join(", ", gguf)}.");
    }

    private static bool IsIndexOfAnotherFormat(string name, string[] weights) =>
        name.EndsWith(".bin.index.json", StringComparison.Ordinal)
        && weights.Any(weight => weight.EndsWith(".safetensors", StringComparison.Ordinal));

    private static bool Matches(string name, IReadOnlyList<string> patterns) => patterns.Any(pattern =>
        (pattern.Contains('/') || !name.Contains('/')) && FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));

    private static List<string> NotEmpty(List<string> names, string otherwise) =>
        names.Count > 0 ? names : throw new CommandException($"{otherwise}.", ExitCodes.NotFound);
}
