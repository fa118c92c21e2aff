using System.Globalization;
using System.Text;

using Grid.Abstractions.Configuration;
using Grid.Configuration.Reading;
using Grid.Primitives.Options;

namespace Grid.Configuration.Tests.Reading;

public sealed class GridConfigParserTests
{
    private const string Head = "apiVersion: grid/v1\nkind: Grid\n";

    [Fact]
    public void Parse_TheDocumentedFile_ReadsEveryKey()
    {
        var parsed = Parse("""
            apiVersion: grid/v1
            kind: Grid
            metadata: {name: prod}
            gateway:
              routing: least-load
              queue: {maxRequests: 10, maxWait: 1m30s}
              resume: {mode: off, maxAttempts: 5, stallTimeout: 2s}
            models:
            - name: guide
              source: models/guide
              replicas: 2
              minAvailable: 1
              maxSurge: 2
              drainTimeout: 1m
              parallelism: {tensor: 2, pipeline: 2, pipelineLayers: [3, 5], backend: process}
              engine: {maxModelLen: 4k, dtype: float32, maxNumSeqs: 12, enablePrefixCaching: false, kvCacheMemoryBytes: 1MiB,
                       servedModelName: [guide, g]}
              placement: {nodeSelector: {zone: a, rack: 7}, spread: none, priority: -3}
            - name: fake
              source: sim
              autoscale: {min: 0, max: 4, ttft: 500ms}
              sim: {weights: 1GiB, step: 6ms, stepPerSequence: 0.35ms}
            """);

        Assert.Empty(parsed.Faults);
        var config = parsed.Config!;
        Assert.Equal(("prod", "least-load"), (config.Name, config.Gateway.Routing));
        Assert.Equal(new QueueSpec(10, TimeSpan.FromSeconds(90)), config.Gateway.Queue);
        Assert.Equal(new ResumeSpec(ResumeMode.Off, 5, TimeSpan.FromSeconds(2)), config.Gateway.Resume);
        Assert.Equal(["fake", "guide"], config.Models.Select(model => model.Name));
        var guide = config.Models[1];
        Assert.Equal(("/etc/grid/models/guide", 2, 1, 2, TimeSpan.FromMinutes(1)),
            (guide.Source, guide.Replicas, guide.MinAvailable, guide.MaxSurge, guide.DrainTimeout));
        Assert.Equal((false, 2, 2, 1, ExecutorBackend.Process),
            (guide.Parallelism!.Auto, guide.Parallelism.Tensor, guide.Parallelism.Pipeline, guide.Parallelism.Data,
            guide.Parallelism.Backend));
        Assert.Equal([3, 5], guide.Parallelism.PipelineLayers!);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["maxModelLen"] = "4096", ["dtype"] = "float32", ["maxNumSeqs"] = "12",
                ["enablePrefixCaching"] = "false", ["kvCacheMemoryBytes"] = "1048576"
            },
            guide.Engine);
        Assert.Equal(["g"], guide.Aliases!);
        Assert.Equal(new Dictionary<string, string> { ["zone"] = "a", ["rack"] = "7" }, guide.Placement!.NodeSelector);
        Assert.Equal(("none", -3), (guide.Placement.Spread, guide.Placement.Priority));
        var fake = config.Models[0];
        Assert.Equal(("sim", (int?)null, 0), (fake.Source, fake.Replicas, fake.MinAvailable));
        Assert.Equal((0, 4, 4096L, 0.8, TimeSpan.FromMilliseconds(500)),
            (fake.Autoscale!.Min, fake.Autoscale.Max, fake.Autoscale.QueuedTokens, fake.Autoscale.KVUsage, fake.Autoscale.Ttft));
        Assert.Equal(new SimSpec(WeightsBytes: 1 << 30), fake.Sim);
    }

    [Fact]
    public void Parse_LittleSaid_TakesTheDefaults()
    {
        var config = Parse(Head + "models: [{name: m, source: sim, replicas: 4}]").Config!;

        Assert.Equal(new GridConfig("grid", new GatewaySpec(), config.Models), config);
        Assert.Equal(new ModelSpec("m", "sim", 4, null, 3, 1, TimeSpan.FromMinutes(5)), config.Models[0]);
    }

    [Fact]
    public void Parse_EnforceEager_IsAnOptionOfTheEngine()
    {
        var parsed = Parse(Head + "models: [{name: m, source: sim, replicas: 1, engine: {enforceEager: true}}]");

        Assert.Equal("true", Assert.Single(parsed.Config!.Models).Engine!["enforceEager"]);
    }

    [Theory]
    [InlineData("replicas: 0", 0)]
    [InlineData("replicas: 1", 1)]
    [InlineData("replicas: 2", 1)]
    [InlineData("replicas: 5", 4)]
    [InlineData("autoscale: {min: 0, max: 3}", 0)]
    [InlineData("autoscale: {max: 3}", 1)]
    [InlineData("autoscale: {min: 3, max: 3}", 2)]
    public void Parse_NoMinAvailable_IsOneLessButOne(string count, int expected) =>
        Assert.Equal(expected, Parse(Head + $"models: [{{name: m, source: sim, {count}}}]").Config!.Models[0].MinAvailable);

    [Theory]
    [InlineData("sim", "sim")]
    [InlineData("models/guide", "/etc/grid/models/guide")]
    [InlineData("owner/name", "owner/name")]
    [InlineData("./owner/name", "/etc/grid/owner/name")]
    [InlineData("../weights/x", "/etc/weights/x")]
    [InlineData("owner/name.gguf", "/etc/grid/owner/name.gguf")]
    [InlineData("a/b/c", "/etc/grid/a/b/c")]
    [InlineData("folder", "/etc/grid/folder")]
    [InlineData("/srv/m/", "/srv/m")]
    public void Parse_Source_StartsAtTheFilesFolder(string source, string expected) =>
        Assert.Equal(expected, Parse(Head + $"models: [{{name: m, source: {source}, replicas: 1}}]").Config!.Models[0].Source);

    [Fact]
    public void Parse_Json_IsReadToo() =>
        Assert.Equal("m",
        Parse("""{"apiVersion":"grid/v1","kind":"Grid","models":[{"name":"m","source":"sim","replicas":1}]}""").Config!.Models[0].Name);

    [Theory]
    [InlineData("", 1)]
    [InlineData(", enableExpertParallel: true", 6)]
    [InlineData(", enableExpertParallel: true, expertParallelSize: 1", 1)]
    [InlineData(", expertParallelSize: 4", 4)]
    public void Parse_ExpertShardsByTheFlagsNames_AreTensorTimesDataByDefault(string more, int expected)
    {
        var model =
            Parse(Head
            + $"models: [{{name: m, source: sim, replicas: 1, engine: {{tensorParallelSize: 2, dataParallelSize: "
            + $"3{more}}}}}]").Config!.Models[0];
        Assert.Equal(expected, model.Parallelism!.Expert);
    }

    [Fact]
    public void Parse_LayoutUnderEngine_BecomesParallelism()
    {
        var model =
            Parse(Head
            + "models: [{name: m, source: sim, replicas: 1, engine: {tensorParallelSize: 2, distributedExecutorBackend: mp, seed: "
            + "-1}}]").Config!.Models[0];

        Assert.Equal(new ParallelismSpec(false, 2, Backend: ExecutorBackend.Process), model.Parallelism);
        Assert.Equal(new Dictionary<string, string> { ["seed"] = "-1" }, model.Engine);
    }

    [Fact]
    public void Parse_ManyFaults_TellsAllWithTheirPlaces()
    {
        var parsed = Parse("""
            apiVersion: grid/v2
            kind: Grid
            gatway: {}
            models:
            - name: a
              name: b
              source: sim
              replicas: two
              drainTimeout: 5 minutes
            - name: a
              source: sim
              replicas: 1
              autoscale: {min: 3, max: 2}
              minAvailable: 9
              engine: {maxNumSeq: 1, dtype: int4, blockSize: 0}
            """);

        Assert.Null(parsed.Config);
        Assert.Equal(
            [
                "grid.yaml:1:13: apiVersion: must be grid/v1; got 'grid/v2'.",
                "grid.yaml:3:1: gatway: unknown key; the nearest known one is gateway.",
                "grid.yaml:6:3: models[0].name: a key must be given once; got a second one.",
                "grid.yaml:8:13: models[0].replicas: must be a whole number from 0 to 10000; got 'two'.",
                "grid.yaml:9:17: models[0].drainTimeout: must be a duration such as 250ms, 30s, 5m or 1h; got '5 minutes'.",
                "grid.yaml:10:9: models[1].name: a name may be used once, 'a' is also models[0].",
                "grid.yaml:13:14: models[1].autoscale: exactly one of replicas and autoscale must be given; got both.",
                "grid.yaml:13:20: models[1].autoscale.min: must be at most max (2); got 3.",
                "grid.yaml:14:17: models[1].minAvailable: must be at most autoscale.max (2); got 9.",
                "grid.yaml:15:12: models[1].engine.maxNumSeq: unknown key; the nearest known one is maxNumSeqs.",
                "grid.yaml:15:33: models[1].engine.dtype: must be one of auto, float32, bfloat16, float16; got 'int4'.",
                "grid.yaml:15:50: models[1].engine.blockSize: must be a whole number from 1 to 1024; got '0'.",
            ],
            parsed.Faults.Select(fault => fault.ToString()));
    }

    [Fact]
    public void Parse_AliasesToAliases_AreCountedInFull()
    {
        var text = new StringBuilder("apiVersion: grid/v1\nkind: Grid\nx0: &x0 [1,1,1,1,1,1,1,1,1,1]\n");
        for (var level = 1; level < 12; level++)
        {
            var aliases = string.Join(',', Enumerable.Repeat($"*x{level - 1}", 10));
            text.Append(CultureInfo.InvariantCulture, $"x{level}: &x{level} [{aliases}]\n");
        }


        var parsed = Parse(text.ToString());
        Assert.Null(parsed.Config);
        Assert.Contains(parsed.Faults, fault => fault.Message.Contains("more than 100,000 nodes", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("stallTimeout: 24h", true)]
    [InlineData("stallTimeout: 25h", false)]
    [InlineData("stallTimeout: 2000h", false)]
    public void Parse_Duration_HasACeiling(string line, bool isValid)
    {
        var parsed = Parse($"apiVersion: grid/v1\nkind: Grid\ngateway: {{resume: {{{line}}}}}\nmodels: []");
        Assert.Equal(isValid, parsed.Config is not null);
        if (isValid) return;
        Assert.Contains("must be a duration of at most 24h; got '", Assert.Single(parsed.Faults).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "must be a mapping; got an empty file.")]
    [InlineData("- a", "must be a mapping of keys; got a list.")]
    [InlineData("a: [", "must be YAML:")]
    [InlineData("a: *b", "no anchor 'b' before this alias")]
    [InlineData("kind: Grid", "apiVersion: must be grid/v1; got nothing.")]
    [InlineData("apiVersion: grid/v1\nkind: Grid\n---\nkind: Grid", "must be one YAML document; got a second one.")]
    [InlineData("apiVersion: grid/v1\nkind: Grid\nmodels: {}", "models: must be a list; got a mapping.")]
    [InlineData("apiVersion: grid/v1\nkind: Grid\nmodels: [sim]", "models[0]: must be a mapping of keys; got 'sim'.")]
    public void Parse_BrokenDocument_TellsWhere(string text, string expected)
    {
        var parsed = Parse(text);

        Assert.Null(parsed.Config);
        Assert.Contains(parsed.Faults,
            fault => fault.ToString().Contains(expected, StringComparison.Ordinal) && fault.Line > 0 && fault.Column > 0);
    }

    [Theory]
    [InlineData("replicas: 1.5", "models[0].replicas: must be a whole number from 0 to 10000; got '1.5'.")]
    [InlineData("replicas: \"1\"", "models[0].replicas: must be a whole number from 0 to 10000; got '1'.")]
    [InlineData("replicas: 99999", "; got '99999'.")]
    [InlineData("replicas: [1]", "models[0].replicas: must be a whole number from 0 to 10000; got a list.")]
    [InlineData("replicas: 2, minAvailable: 3", "models[0].minAvailable: must be at most replicas (2); got 3.")]
    [InlineData("replicas: 2, maxSurge: 0", "models[0].maxSurge: must be a whole number from 1 to 10000; got '0'.")]
    [InlineData("minAvailable: 1", "models[0].replicas: exactly one of replicas and autoscale must be given; got none.")]
    [InlineData("autoscale: {min: 1}", "models[0].autoscale.max: must be given with autoscale.")]
    [InlineData("autoscale: {max: 2, kvUsage: 80}", "models[0].autoscale.kvUsage: must be a number from 0.01 to 1; got '80'.")]
    [InlineData("replicas: 1, parallelism: manual", "models[0].parallelism: must be auto or a mapping of tensor, pipeline")]
    [InlineData("replicas: 1, parallelism: {pipeline: 2, pipelineLayers: [1, 2, 3]}",
        "models[0].parallelism.pipelineLayers: must have as many entries as pipeline stages (2); got 3.")]
    [InlineData("replicas: 1, parallelism: {tensor: 2}, engine: {tensorParallelSize: 2}",
        "of parallelism and the layout keys of engine only one may be given; got both.")]
    [InlineData("replicas: 1, engine: {distributedExecutorBackend: ray}", "What Ray does over several machines, 'grid' does here.")]
    [InlineData("replicas: 1, engine: {apiKey: x}", "keys of clients belong to the gateway (--api-key), not to a model.")]
    [InlineData("replicas: 1, engine: {maxModelLen: long}",
        "must be a whole number of tokens of at least 1, such as 4096 or 4k, or auto (-1); got 'long'.")]
    [InlineData("replicas: 1, engine: {enablePrefixCaching: 1}", "must be true or false; got '1'.")]
    [InlineData("replicas: 1, engine: {kvCacheMemoryBytes: 2GB}", "must be a size in B, KiB, MiB, GiB or TiB, such as 4GiB; got '2GB'.")]
    [InlineData("replicas: 1, sim: {vocab: 256}", "models[0].sim.vocab: must be a whole number from 257")]
    [InlineData("replicas: 1, placement: {spread: zone}", "models[0].placement.spread: must be one of node, none; got 'zone'.")]
    [InlineData("replicas: 1, placement: {nodeSelector: {zone: [a]}}",
        "models[0].placement.nodeSelector.zone: must be a text; got a list.")]
    public void Parse_BadModel_StatesTheRule(string keys, string expected) =>
        Assert.Contains(expected,
        string.Join('\n', Parse(Head + $"models: [{{name: m, source: sim, {keys}}}]").Faults.Select(fault => fault.ToString())));

    [Theory]
    [InlineData("'..'")]
    [InlineData("' a'")]
    [InlineData("\"a\\tb\"")]
    [InlineData("7")]
    [InlineData("true")]
    public void Parse_BadName_IsRefused(string name) =>
        Assert.NotEmpty(Parse(Head + $"models: [{{name: {name}, source: sim, replicas: 1}}]").Faults);

    [Fact]
    public void Parse_AliasOfAnother_IsRefused() =>
        Assert.Contains("'b' is also models[0]",
        Parse(Head
            + "models: [{name: b, source: sim, replicas: 1}, {name: c, source: sim, replicas: 1, engine: {servedModelName: "
            + "b}}]").Faults[0].Message);

    [Fact]
    public void Parse_DeepNesting_IsRefused() => Assert.NotEmpty(Parse(new string('[', 10_000)).Faults);

    private static ParsedConfig Parse(string text) =>
        GridConfigParser.Parse(text, "grid.yaml", "/etc/grid", path => path == "/etc/grid/models/guide");
}
