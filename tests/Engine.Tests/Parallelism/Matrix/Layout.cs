namespace Grid.Engine.Tests.Parallelism.Matrix;

/// <summary>Sizes of one column of the matrix.</summary>
internal sealed record Layout(string Name, int Tensor = 1, int Pipeline = 1, int Data = 1, int Experts = 0)
{
    public static Layout OneDevice { get; } = new("TP1");

    public static IReadOnlyList<Layout> All { get; } =
    [
        new("TP2", Tensor: 2),
        new("TP4", Tensor: 4),
        new("PP2", Pipeline: 2),
        new("PP3", Pipeline: 3),
        new("TP2xPP2", Tensor: 2, Pipeline: 2),
        new("DP2", Data: 2),
        new("DP2+EP2", Data: 2, Experts: 2),
        new("EP4", Experts: 4),
    ];

    /// <summary>Only tensor shards add in another order than one device.</summary>
    public bool IsBitEqual => Tensor == 1;

    public static Layout Find(string name) => All.Single(layout => layout.Name == name);

    public EngineOptions Apply(EngineOptions options) => options with
    {
        TensorParallelSize = Tensor,
        PipelineParallelSize = Pipeline,
        DataParallelSize = Data,
        EnableExpertParallel = Experts > 0,
        ExpertParallelSize = Experts > 0 ? Experts : null,
    };
}
