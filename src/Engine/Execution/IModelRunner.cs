using Grid.Engine.Scheduling;

namespace Grid.Engine.Execution;

/// <summary>Computes logits. Created, used and disposed on the engine's thread, <see cref="Info"/> aside.</summary>
public interface IModelRunner : IDisposable
{
    /// <summary>Facts of the loaded model.</summary>
    ModelRunnerInfo Info { get; }

    /// <summary>Reserves the paged KV cache, before the first step. What was reserved before is given back.</summary>
    void InitializeKVCache(int numBlocks);

    /// <summary>Computes one step and stores its keys and values in the requests' blocks.</summary>
    /// <returns>Logit rows, valid until the next call: for each scheduled request in order its <c>NumLogits</c> rows.</returns>
    ModelRunnerOutput Execute(SchedulerOutput step);

    /// <summary>Has a step that waits for others fail soon: the engine is being stopped. May be called on any thread.</summary>
    void Interrupt()
    {
    }
}
