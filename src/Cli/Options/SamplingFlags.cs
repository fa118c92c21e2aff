using System.CommandLine;
using Grid.Cli.CommandLine;
using Grid.Client.Requests;

namespace Grid.Cli.Options;

/// <summary>vLLM's sampling parameters as flags; what is not given is the model's default.</summary>
internal sealed class SamplingFlags
{
    private readonly Option<double?> _temperature = Flags.OptionalNumber("--temperature", 0, 2, "0 always takes the most likely token");
    private readonly Option<int?> _maxTokens =
        Flags.OptionalInteger("--max-tokens", 1, int.MaxValue, "Maximum output tokens [default: chat the rest of the context, --raw 16]");
    private readonly Option<int?> _minTokens = Flags.OptionalInteger("--min-tokens", 0, int.MaxValue, "Minimum output tokens");
    private readonly Option<double?> _topP = Flags.OptionalNumber("--top-p", 0, 1, "Cumulative probability to keep");
    private readonly Option<int?> _topK =
        Flags.OptionalInteger("--top-k", -1, int.MaxValue, "Most likely tokens to keep; 0 and -1 keep all");
    private readonly Option<double?> _minP = Flags.OptionalNumber("--min-p", 0, 1, "Minimum probability relative to the most likely token");
    private readonly Option<double?> _presence = Flags.OptionalNumber("--presence-penalty", -2, 2, "Penalize tokens already in the output");
    private readonly Option<double?> _frequency =
        Flags.OptionalNumber("--frequency-penalty", -2, 2, "Penalize tokens by how often they occur in the output");
    private readonly Option<double?> _repetition =
        Flags.OptionalNumber("--repetition-penalty", 0.01, 100, "Divide the logits of tokens already in prompt or output; 1 is neutral");
    private readonly Option<string[]> _stop =
        new("--stop") { HelpName = "TEXT", Description = "Text that ends the output; may be repeated" };
    private readonly Option<bool> _ignoreEos = Flags.Switch("--ignore-eos", "Continue after the end-of-sequence token");

    public IEnumerable<Option> Options =>
        [_temperature, _maxTokens, _minTokens, _topP, _topK, _minP, _presence, _frequency, _repetition, _stop, _ignoreEos];

    /// <summary>The request with what the flags ask for.</summary>
    public T Apply<T>(ParseResult result, T request, long? seed) where T : GenerationRequest => (T)(request with
    {
        Temperature = result.GetValue(_temperature),
        MaxTokens = result.GetValue(_maxTokens),
        MinTokens = result.GetValue(_minTokens),
        TopP = result.GetValue(_topP),
        TopK = result.GetValue(_topK),
        MinP = result.GetValue(_minP),
        PresencePenalty = result.GetValue(_presence),
        FrequencyPenalty = result.GetValue(_frequency),
        RepetitionPenalty = result.GetValue(_repetition),
        Stop = result.GetValue(_stop) is { Length: > 0 } stop ? stop : null,
        IgnoreEos = result.GetValue(_ignoreEos) ? true : null,
        Seed = seed,
    });
}
