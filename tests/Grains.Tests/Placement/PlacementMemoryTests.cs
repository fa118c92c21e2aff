using Grid.Abstractions.Configuration;
using Grid.Abstractions.Nodes;
using Grid.Engine.Configuration;
using Grid.Engine.Planning;
using Grid.Grains.Placement;
using Grid.Grains.Records;
using Grid.Grains.Store;

namespace Grid.Grains.Tests.Placement;

public sealed class PlacementMemoryTests
{
    private static readonly ModelProfile Profile = new(
        new ModelConfig
        {
            Architecture = "LlamaForCausalLM", ModelType = "llama", HiddenSize = 4096, IntermediateSize = 14336, NumHiddenLayers = 32,
            NumAttentionHeads = 32, NumKeyValueHeads = 8,
            HeadDim = 128, VocabSize = 128256, MaxPositionEmbeddings = 8192,
        },
        2);

    private static readonly ModelSpec Spec = new("m", "folder", 1, null, 1);
    private readonly Ledger _ledger = new();
    private readonly PlacementMemory _memory = new();

    [Fact]
    public void Place_NothingChanged_AnswersTheSameWithoutPlanning() => Assert.Same(Place(Node("a")), Place(Node("a")));

    [Fact]
    public void Place_ANodeJoins_IsPlannedAnew()
    {
        Assert.Null(Place(Node("a")).Shards);
        Assert.NotNull(Place(Node("a"), Node("b"), Node("c")).Shards);
    }

    [Fact]
    public void Place_MemoryBecomesFree_IsPlannedAnew()
    {
        var other = new Reservation("b", DeviceId.Sim(0), ReplicaId.Parse("x/r0"), 1, ShardId.Parse("dp0/pp0/tp0"), 4L << 30);
        _ledger.Reserve(other);
        Assert.Null(Place(Node("a"), Node("b")).Shards);
        _ledger.Release(other);
        Assert.NotNull(Place(Node("a"), Node("b")).Shards);
    }

    [Fact]
    public void Place_ANodeIsCordoned_SaysSo()
    {
        Assert.Contains("2 nodes: most free", Place(Node("a"), Small("b")).Missing!, StringComparison.Ordinal);
        var cordoned = Small("b");
        cordoned.Closed = "cordoned";
        Assert.Contains("2 nodes: 1 cordoned (b)", Place(Node("a"), cordoned).Missing!, StringComparison.Ordinal);
    }

    private static NodeRecord Node(string name) => Plans.Node(Plans.Report(name, checksum: "sha256:1"));

    private static NodeRecord Small(string name)
    {
        var report = Plans.Report(name, checksum: "sha256:1");
        return Plans.Node(report with { Facts = report.Facts with { Devices = [new DeviceFacts(DeviceId.Sim(0), 1L << 30)] } });
    }

    private PlacementResult Place(params NodeRecord[] nodes)
    {
        var size = new ModelSize(Spec, new ModelFiles("folder", "sha256:1", Profile.WeightsBytes, 131072, 8192, null, Profile.ToJson()));
        return _memory.Place(
            new PlacementRequest("m/r0", "folder", "sha256:1", null, size, null, new Dictionary<string, int>(), new HashSet<string>()),
            nodes, _ledger);
    }
}
