using Grid.Cli.Bench.Datasets;
using Grid.Cli.CommandLine;

namespace Grid.Cli.Bench;

/// <summary>Rules that prompts of an offline benchmark must keep.</summary>
internal static class OfflineChecks
{
    /// <summary>Refuses prompts that are longer with their output than the model allows.</summary>
    public static void Fit(IEnumerable<BenchPrompt> prompts, int maxModelLen)
    {
        if (prompts.FirstOrDefault(prompt => prompt.PromptTokens + prompt.OutputTokens > maxModelLen) is not { } tooLong) return;
        throw new CommandException(
            $"Prompt and output must fit the model's {maxModelLen} tokens, {tooLong.PromptTokens} + {tooLong.OutputTokens} asked for: " +
            "lower the input or output length, or raise --max-model-len.");
    }
}
