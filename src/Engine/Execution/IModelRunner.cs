using Grid.Engine.KVCache;
using Grid.Engine.Scheduling;

namespace Grid.Engine.Execution;

/// <summary>
/// Computes steps and draws their tokens. Created, used and disposed on the engine's thread; <see cref="Info"/>,
/// <see cref="Telemetry"/> and <see cref="Interrupt"/> are for any thread.
/// </summary>
internal interface IModelRunner : IDisposable
{
    /// <summary>Facts of the loaded model.</summary>
    ModelRunnerInfo Info { get; }

    /// <summary>Pipeline stages. The scheduler gives each step its share of the requests, so that every stage has one to work on.</summary>
    int NumStages => 1;

    /// <summary>
    /// Steps that may be submitted before the first is collected; at least <see cref="NumStages"/>. Pieces of one prompt may be in several
    /// of them, in order; a token is computed only after the step that drew it was collected.
    /// </summary>
    int MaxStepsInFlight => NumStages;

    /// <summary>What the runner knows of its own work.</summary>
    IRunnerTelemetry Telemetry => NoTelemetry.Instance;

    /// <summary>The paged KV cache, to be reserved before the first step.</summary>
    IKVCacheStorage KVCache { get; }

    /// <summary>
    /// Begins a step: its keys and values go to the requests' blocks, and the answers to its <see cref="SchedulerOutput.Sampling"/> come
    /// with <see cref="Collect"/>. The step must not change until then.
    /// </summary>
    void Submit(SchedulerOutput step);

    /// <summary>Waits for the oldest step in flight.</summary>
    /// <returns>Its answers, valid until the next call.</returns>
    ModelRunnerOutput Collect();

    /// <summary>Has a step that waits for others fail soon: the engine is being stopped.</summary>
    void Interrupt()
    {
    }
}
