using System.Threading.Channels;
using Grid.Engine.Configuration;

namespace Grid.Engine.Requests;

/// <summary>The engine's side of a request's output: where tokens go, how they are drawn, and when things happened.</summary>
/// <param name="source">The source as it was asked for.</param>
/// <param name="arrival">Timestamp of the submission.</param>
internal sealed class RequestStream(EngineRequest source, long arrival)
{
    // Unbounded, but never longer than max_tokens: a slow reader must not hold up the others.
    private readonly Channel<EngineOutput> _outputs =
        Channel.CreateUnbounded<EngineOutput>(new() { SingleReader = true, SingleWriter = true });

    public ChannelReader<EngineOutput> Reader => _outputs.Reader;

    public SamplingState SamplingState { get; } = new(source);

    /// <summary>One entry a prompt token, the first null; null where not asked for.</summary>
    public List<TokenLogprobs?>? PromptLogprobs { get; } =
        source.Sampling.PromptLogprobs is null || source.ReplayedTokenIds.Length > 0 ? null : new(source.PromptTokenIds.Length) { null };

    public long Arrival { get; } = arrival;

    /// <summary>Timestamp of the first step with this request; 0 until then.</summary>
    public long Scheduled { get; set; }

    /// <summary>Timestamp of the first drawn token; 0 until then.</summary>
    public long FirstToken { get; set; }

    /// <summary>Timestamp of the latest drawn token.</summary>
    public long LastToken { get; set; }

    /// <summary>Tokens drawn here, without replayed ones.</summary>
    public int NumDrawnTokens { get; set; }

    public void Write(in EngineOutput output)
    {
        _outputs.Writer.TryWrite(output);
        if (output.FinishReason is not null) _outputs.Writer.TryComplete();
    }

    /// <summary>Ends the stream with an output that says so and, for readers that go on, an exception.</summary>
    public void Fail(EngineDeadException exception)
    {
        _outputs.Writer.TryWrite(new EngineOutput { TokenId = -1, FinishReason = FinishReason.Error, Error = exception.Message });
        _outputs.Writer.TryComplete(exception);
    }
}
