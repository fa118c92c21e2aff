
using Grid.Abstractions.Configuration;
using Grid.Configuration.Changes;
using Grid.Configuration.Reading;
using Grid.Configuration.Writing;
using Grid.Configuration.Yaml;
using Grid.Primitives.Options;

namespace Grid.Configuration.Tests.Changes;

public sealed class ConfigChangesTests
{
    private static readonly ModelSpec Model =
        new("m", "/models/m", 2, null, 1, 1, TimeSpan.FromMinutes(5), Engine: new() { ["dtype"] = "auto" });

    [Fact]
    public void Between_Equal_IsEmpty()
    {
        var changes = ConfigChanges.Between(Of(Model), Of(Model with { Engine = new() { ["dtype"] = "auto" } }));

        Assert.True(changes.IsEmpty);
        Assert.Equal("nothing changed", changes.ToString());
    }

    [Fact]
    public void Between_AddedRemovedChanged_TellsEach()
    {
        var old = Of(Model, Model with { Name = "gone" });
        var @new = new GridConfig("grid", new GatewaySpec("random"), [Model with { Replicas = 4 }, Model with { Name = "new" }]);

        var changes = ConfigChanges.Between(old, @new);

        Assert.Equal([new FieldChange("gateway.routing", "prefix-aware", "random")], changes.Grid);
        Assert.Equal([("gone", ModelChangeKind.Removed), ("m", ModelChangeKind.InPlace), ("new", ModelChangeKind.Added)],
            changes.Models.Select(model => (model.Name, model.Kind)));
        Assert.Equal([new FieldChange("replicas", "2", "4")], changes.Models[1].Fields);
        Assert.Equal("gateway.routing: prefix-aware -> random; gone removed; m: replicas: 2 -> 4; new added", changes.ToString());
    }

    [Fact]
    public void Between_SourceEngineOrParallelism_IsARollout()
    {
        Assert.Equal(ModelChangeKind.Rollout, ConfigChanges.Between(Model, Model with { Source = "/models/n" })!.Kind);
        Assert.Equal(ModelChangeKind.Rollout, ConfigChanges.Between(Model, Model with { Engine = new() { ["dtype"] = "float32" } })!.Kind);
        Assert.Equal(ModelChangeKind.Rollout, ConfigChanges.Between(Model, Model with { Engine = null })!.Kind);
        Assert.Equal(ModelChangeKind.Rollout,
            ConfigChanges.Between(Model, Model with { Parallelism = new ParallelismSpec(false, 2) })!.Kind);
    }

    [Fact]
    public void Between_OtherKeys_ApplyInPlace()
    {
        foreach (var other in (ModelSpec[])[Model with { Replicas = 3 }, Model with { MinAvailable = 2 }, Model with { MaxSurge = 2 },
            Model with { DrainTimeout = TimeSpan.FromSeconds(1) }, Model with { Placement = new PlacementSpec(Priority: 4) },
            Model with { Aliases = ["x"] }])
            Assert.Equal(ModelChangeKind.InPlace, ConfigChanges.Between(Model, other)!.Kind);
    }

    [Theory]
    [InlineData(1, ModelChangeKind.Rollout)]
    [InlineData(2, ModelChangeKind.InPlace)]
    public void Between_Data_AppliesInPlaceWhereThereAreExpertShards(int expert, ModelChangeKind kind)
    {
        var model = Model with { Parallelism = new ParallelismSpec(false, Data: 2, Expert: expert) };
        Assert.Equal(kind,
            ConfigChanges.Between(model, model with { Parallelism = new ParallelismSpec(false, Data: 3, Expert: expert) })!.Kind);
        Assert.Equal(ModelChangeKind.Rollout,
            ConfigChanges.Between(model, model with { Parallelism = new ParallelismSpec(false, Data: 2, Expert: 4) })!.Kind);
    }

    [Fact]
    public void Revision_Checksum_ChangesIt()
    {
        Assert.StartsWith("sha256:", ModelRevision.Of(Model, "a"));
        Assert.Equal(ModelRevision.Of(Model, "a"), ModelRevision.Of(Model with { Name = "other", Replicas = 9 }, "a"));
        Assert.NotEqual(ModelRevision.Of(Model, "a"), ModelRevision.Of(Model, "b"));
    }

    [Fact]
    public void Write_ThenParse_IsTheSameConfiguration()
    {
        var config = new GridConfig("on",
            new GatewaySpec("session", new QueueSpec(5, TimeSpan.FromMilliseconds(1500)),
            new ResumeSpec(ResumeMode.Off, 1, TimeSpan.FromSeconds(1))),
        [
            new ModelSpec("a", "owner/name", null,
                new AutoscaleSpec(0, 3, 7, 0.5, TimeSpan.FromMilliseconds(20), TimeSpan.Zero, TimeSpan.FromHours(2),
                TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)), 0, 2, TimeSpan.FromSeconds(61),
                new ParallelismSpec(false, 1, 2, 1, 1, [3, 4], ExecutorBackend.InProcess),
                    new() { ["seed"] = "-5", ["maxModelLen"] = "-1", ["revision"] = "007", ["kvCacheMemoryBytes"] = "1048576" },
                    ["b", "1e3"],
                new PlacementSpec(new() { ["zone"] = "no" }, "none", 2)),
            new ModelSpec("s", "sim", 1, null, 1, 1, TimeSpan.FromMinutes(5), Sim: new SimSpec(5 << 20, 0.5, 100.5, 1.25, 0.35, 4, 5, 300)),
        ]);

        var yaml = YamlWriter.Write(ConfigDocument.Of(config));
        var parsed = GridConfigParser.Parse(yaml, "grid.yaml", "/x", _ => false);

        Assert.Empty(parsed.Faults);
        Assert.Equal(ConfigDocument.Of(config).ToJsonString(), ConfigDocument.Of(parsed.Config!).ToJsonString());
        Assert.True(
            ConfigChanges.Between(config,
            GridConfigParser.Parse(ConfigDocument.Of(config).ToJsonString(), "grid.json", "/x", _ => false).Config!).IsEmpty);
    }

    private static GridConfig Of(params ModelSpec[] models) => new("grid", new GatewaySpec(), models);
}
