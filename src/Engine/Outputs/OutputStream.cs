using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Grid.Engine.Configuration;
using Grid.Engine.Requests;
using Grid.Engine.Serving;

namespace Grid.Engine.Outputs;

/// <summary>Reads one choice's outputs to the end.</summary>
public static class OutputStream
{
    private const int MaxBurst = 64;

    /// <summary>
    /// Yields a delta for what has come in since the last one, so that a slow reader gets fewer and larger deltas. The engine's request is
    /// aborted when a stop text is found, and when the reader stops before the end.
    /// </summary>
    /// <param name="engine">Where the request runs.</param>
    /// <param name="outputs">What <see cref="IInferenceEngine.Submit"/> returned for the request.</param>
    /// <param name="processor">Of the same request.</param>
    /// <param name="cancellationToken">The client went away.</param>
    /// <exception cref="EngineDeadException">The engine ended before the request did.</exception>
    public static async IAsyncEnumerable<OutputDelta> ReadAllAsync(
        IInferenceEngine engine, ChannelReader<EngineOutput> outputs, OutputProcessor processor,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var ended = false;
        var burst = new EngineOutput[MaxBurst];
        try
        {
            while (processor.FinishReason is null)
            {
                if (!await outputs.WaitToReadAsync(cancellationToken))
                    throw new EngineDeadException($"the outputs of request {processor.RequestId} ended without a finish reason.");
                var count = 0;
                while (count < burst.Length && outputs.TryRead(out var output)) burst[count++] = output;

                var delta = processor.Process(burst.AsSpan(0, count));
                if (processor.MustAbort) engine.Stop(processor.RequestId);
                ended = processor.FinishReason is not null;
                yield return delta;
            }
        }
        finally
        {
            if (!ended) engine.Abort(processor.RequestId);
        }
    }
}
