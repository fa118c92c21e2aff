using System.Threading.Channels;
using Grid.Engine.Configuration;
using Grid.Engine.Requests;

namespace Grid.Engine.Serving;

/// <summary>All that a cluster knows of an engine: token ids in, token ids out. Safe to call from any thread.</summary>
public interface IInferenceEngine : IAsyncDisposable
{
    /// <summary>Facts fixed at load: lengths, KV cache, numerics.</summary>
    EngineInfo Info { get; }

    /// <summary>
    /// Accepts all requests of a group (the choices of one API request) or none. Each reader yields one output a token
    /// and ends after the output that carries a <see cref="FinishReason"/>.
    /// </summary>
    /// <exception cref="RequestValidationException">A request is empty, too long, or could never fit the KV cache.</exception>
    /// <exception cref="QueueFullException">The waiting queue has no room for the whole group.</exception>
    /// <exception cref="EngineDeadException">The engine's thread has ended.</exception>
    /// <exception cref="EngineDrainingException">The engine accepts no new work.</exception>
    IReadOnlyList<ChannelReader<EngineOutput>> Submit(IReadOnlyList<EngineRequest> group);

    /// <summary>Ends a request with <see cref="FinishReason.Abort"/>; its blocks return within one step. Unknown ids are ignored.</summary>
    void Abort(string requestId);

    /// <summary>
    /// Ends a request because its text holds a stop string: as <see cref="Abort"/>, but counted as <see cref="FinishReason.Stop"/>.
    /// </summary>
    void Stop(string requestId) => Abort(requestId);

    /// <summary>Refuses new work from now on; completes when nothing runs or waits.</summary>
    Task DrainAsync(CancellationToken cancellationToken = default);

    /// <summary>A snapshot; cheap, never waits for a step.</summary>
    EngineStatus GetStatus();
}
