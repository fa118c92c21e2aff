using Grid.Engine.Scheduling;

namespace Grid.Engine.Execution;

/// <summary>A runner of several stages, each of which can work on a step of its own.</summary>
internal interface IPipelinedModelRunner : IModelRunner
{
    /// <summary>Steps that may be in flight at once.</summary>
    int NumStages { get; }

    /// <summary>Share of the shards' time that they were idle while steps were in flight, 0 to 1, since the start.</summary>
    double BubbleShare { get; }

    /// <summary>Sends a step on its way; a copy is taken.</summary>
    void Submit(SchedulerOutput step);

    /// <summary>Waits for the oldest step in flight.</summary>
    /// <returns>Its logit rows, valid until as many steps were submitted as there are stages.</returns>
    ModelRunnerOutput Collect();
}
