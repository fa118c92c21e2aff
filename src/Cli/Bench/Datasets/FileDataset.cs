using System.Text.Json;
using Grid.Abstractions;
using Grid.Cli.CommandLine;
using Grid.Client.Requests;

namespace Grid.Cli.Bench.Datasets;

/// <summary>
/// Prompts out of a file: <c>custom</c> (a JSON object with <c>prompt</c> a line) and <c>sharegpt</c> (an array of conversations).
/// </summary>
internal static class FileDataset
{
    private const int MinTokens = 4;
    private const int MaxPromptTokens = 1024;
    private const int MaxTokens = 2048;

    /// <summary>The prompts of a JSON-lines file, repeated where there are too few.</summary>
    /// <param name="count">The number of prompts to draw.</param>
    /// <param name="outputLength">Tokens to ask for.</param>
    public static IReadOnlyList<BenchPrompt> ReadCustom(string path, int count, int outputLength)
    {
        var lines = Read(path,
            () => File.ReadLines(path).Where(line => line.Trim().Length > 0)
            .Select(line => JsonSerializer.Deserialize<CustomLine>(line, JsonSerializerOptions.Web)?.Prompt).ToArray());
        if (lines.Length == 0 || lines.Contains(null))
            throw new CommandException($"--dataset-path: every line of {path} must be a JSON object with a string prompt.");
        return [.. Enumerable.Range(0, count).Select(i => new BenchPrompt(Prompt.FromText(lines[i % lines.Length]!), 0, outputLength))];
    }

    /// <summary>First questions of conversations, shuffled, without the very short and the very long, as vLLM chooses them.</summary>
    /// <param name="count">The number of prompts to draw.</param>
    /// <param name="outputLength">The number of tokens to ask for; null for as many as the recorded answer has.</param>
    /// <param name="countTokens">Counts a text's tokens.</param>
    /// <param name="random">The source of randomness, seeded by the caller.</param>
    public static async Task<IReadOnlyList<BenchPrompt>> ReadShareGptAsync(string path, int count, int? outputLength,
        Func<string, Task<int>> countTokens, Random random)
    {
        var conversations =
            Read(path, () => JsonSerializer.Deserialize<Conversation[]>(File.ReadAllText(path), JsonSerializerOptions.Web)!);
        var usable = conversations.Where(conversation => conversation.Conversations is { Count: >= 2 }).ToArray();
        random.Shuffle(usable);
        var prompts = new List<BenchPrompt>();
        foreach (var conversation in usable.Select(conversation => conversation.Conversations!))
        {
            if (prompts.Count == count) break;
            var promptTokens = await countTokens(conversation[0].Value);
            var answerTokens = outputLength ?? await countTokens(conversation[1].Value);
            if (promptTokens is < MinTokens or > MaxPromptTokens || answerTokens < MinTokens || promptTokens + answerTokens > MaxTokens)
                continue;
            prompts.Add(new BenchPrompt(Prompt.FromText(conversation[0].Value), promptTokens, answerTokens));
        }

        if (prompts.Count == 0)
            throw new CommandException($"--dataset-path: {path} holds no conversation of {MinTokens} to {MaxPromptTokens} prompt tokens.");
        return [.. Enumerable.Range(0, count).Select(i => prompts[i % prompts.Count])];
    }

    private static T Read<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandException($"--dataset-path: {path} does not exist.", ExitCodes.NotFound, fault);
        }
        catch (JsonException fault)
        {
            throw new CommandException($"--dataset-path: {path} is not the dataset's JSON: {fault.Message}", ExitCodes.Usage, fault);
        }
    }

    private sealed record CustomLine(string? Prompt);

    private sealed record Conversation(IReadOnlyList<Turn>? Conversations);

    private sealed record Turn(string Value);
}
