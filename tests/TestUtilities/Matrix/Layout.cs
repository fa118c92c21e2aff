using Grid.Primitives.Options;

namespace Grid.TestUtilities.Matrix;

/// <summary>Sizes of one column of the matrix.</summary>
/// <param name="Name">As in the table: TP2xPP2.</param>
/// <param name="Tensor">Tensor parallel size.</param>
/// <param name="Pipeline">Pipeline parallel size.</param>
/// <param name="Data">Data parallel size.</param>
/// <param name="Experts">Expert shards; 0: none of their own.</param>
public sealed record Layout(string Name, int Tensor = 1, int Pipeline = 1, int Data = 1, int Experts = 0)
{
    /// <summary>What the others are held against.</summary>
    public static Layout OneDevice { get; } = new("TP1");

    /// <summary>All columns.</summary>
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

    /// <summary>The column of a name.</summary>
    public static Layout Find(string name) => All.Single(layout => layout.Name == name);

    /// <summary>Options with these sizes.</summary>
    public EngineOptions Apply(EngineOptions options) => options with
    {
        TensorParallelSize = Tensor,
        PipelineParallelSize = Pipeline,
        DataParallelSize = Data,
        EnableExpertParallel = Experts > 0,
        ExpertParallelSize = Experts > 0 ? Experts : null,
    };
}
