using Grid.Engine.Collectives;
using Grid.Engine.Kernels;

namespace Grid.Engine.Experts;

/// <summary>Whole experts that a shard of the model does not hold itself but has computed elsewhere.</summary>
internal interface IExpertSource
{
    /// <summary>Counts what is sent to the expert shards, and waits for lost ones.</summary>
    ExpertUsage Usage { get; }

    /// <summary>Where waits for answers are counted.</summary>
    CollectiveTimes Times { get; set; }

    /// <summary>The experts of one layer.</summary>
    /// <param name="layer">Index of the layer in the model.</param>
    /// <param name="kernels">Selects and adds rows.</param>
    IExpertLayer OfLayer(int layer, IKernels kernels);

    /// <summary>Notes that the rank begins another step. Called once a step, by the rank's driver.</summary>
    void CountStep();

    /// <summary>Notes which step is computed from now on, for errors. Called by each shard.</summary>
    void BeginStep(long step);

    /// <summary>Makes the rank's calls fail from now on, including those that are waiting. Any thread may call it.</summary>
    void Interrupt();
}
