using System.Net;
using Grid.Cli.CommandLine;
using Grid.Cli.Options;
using Grid.Node.Options;
using Grid.Primitives.Options;

namespace Grid.Cli.Tests.Options;

public sealed class FlagsTests
{
    [Fact]
    public void EngineFlags_NothingGiven_AreTheEnginesDefaults() => Assert.Equal(new EngineOptions { Model = "m" }, ReadEngine(""));

    [Fact]
    public void EngineFlags_EveryFlag_ReachesItsOption() => Assert.Equal(
        new EngineOptions
        {
            Model = "m", DType = ModelDType.Float32, MaxModelLen = 4096, Tokenizer = "t", Revision = "r", LoadFormat = LoadFormat.Dummy,
            Seed = -7,
            Quantization = WeightQuantization.Int8,
            ChatTemplate = "c", GenerationConfig = "vllm", MaxNumSeqs = 3, MaxNumBatchedTokens = 64, BlockSize = 8,
            EnablePrefixCaching = false,
            EnableChunkedPrefill = false, SchedulingPolicy = SchedulingPolicy.Priority, MaxNumQueuedReqs = 5, MaxLogprobs = 6,
            GpuMemoryUtilization = 0.5,
            NumGpuBlocksOverride = 32, KVCacheMemoryBytes = 2L << 30, BatchInvariant = false, Runner = RunnerKind.Eager,
            Devices = DeviceId.Cuda(1),
            CpuThreads = 2,
            TensorParallelSize = 2, PipelineParallelSize = 3, DataParallelSize = 4,
        },
        ReadEngine(
            "--dtype float32 --max-model-len 4k --tokenizer t --revision r --load-format dummy --seed -7 --quantization int8 "
            + "--chat-template c " +
            "--generation-config vllm --max-num-seqs 3 --max-num-batched-tokens 64 --block-size 8 --no-enable-prefix-caching "
                + "--no-enable-chunked-prefill " +
            "--scheduling-policy priority --max-num-queued-reqs 5 --max-logprobs 6 --gpu-memory-utilization 0.5 "
                + "--num-gpu-blocks-override 32 " +
            "--kv-cache-memory-bytes 2GiB --no-batch-invariant --runner eager --device cuda:1 --cpu-threads 2 -tp 2 -pp 3 "
                + "--data-parallel-size 4"));

    [Theory]
    [InlineData("", false)]
    [InlineData("--enforce-eager", true)]
    [InlineData("--no-enforce-eager", false)]
    public void EngineFlags_EnforceEager_ReachesItsOption(string line, bool expected) =>
        Assert.Equal(expected, ReadEngine(line).EnforceEager);

    [Theory]
    [InlineData("--max-model-len auto", -1)]
    [InlineData("--max-model-len -1", -1)]
    [InlineData("--max-model-len=2k", 2048)]
    public void EngineFlags_MaxModelLen_TakesItsForms(string line, int expected) => Assert.Equal(expected, ReadEngine(line).MaxModelLen);

    [Theory]
    [InlineData("--device sim:1x8GiB --device sim:1x8GiB", "not supported")]
    [InlineData("--device cpu:8GiB", "not supported")]
    [InlineData("--distributed-executor-backend grid", "not supported")]
    public void EngineFlags_WhatThisVersionLacks_IsRefused(string line, string expected) =>
        Assert.Contains(expected, Assert.Throws<CommandException>(() => ReadEngine(line)).Message);

    [Theory]
    [InlineData("--device gpu", "--device must be auto or cpu[:MEM] or cuda:N or sim:NxMEM; got 'gpu'.")]
    [InlineData("--distributed-executor-backend ray",
        "--distributed-executor-backend must be one of inprocess, process, grid; got 'ray'. What Ray does over several machines, 'grid' "
        + "does here.")]
    [InlineData("--enable-eplb --no-enable-eplb", "At most one of --enable-eplb and --no-enable-eplb may be given.")]
    [InlineData("--max-num-seqs 0", "--max-num-seqs must be a whole number from 1 to 65536; got '0'.")]
    public void EngineFlags_AValueThatBreaksItsRule_IsRefused(string line, string expected)
    {
        var verb = new Verb("test", "");
        verb.Add(new EngineFlags().Options);
        Assert.Equal([expected], UsageErrors.Find(verb.Parse(line.Split(' '))));
    }

    [Fact]
    public void EngineFlags_SeveralFaults_AreReportedTogether()
    {
        var verb = new Verb("test", "");
        verb.Add(new EngineFlags().Options);
        Assert.Equal(2, UsageErrors.Find(verb.Parse(["--max-num-seqs", "0", "--dtype", "int4"])).Count);
    }

    [Fact]
    public void EngineFlags_AreTheRowsOfTheTable()
    {
        var flags = new EngineFlags().Options.ToDictionary(option => option.Name);
        foreach (var row in EngineOptionTable.Rows)
        {
            var flag = flags[row.Flag];
            if (!row.IsPlanned) Assert.StartsWith(row.Help, flag.Description);
            if (row.ShortFlag is { } alias) Assert.Contains(alias, flag.Aliases);
        }

        var known = EngineOptionTable.Rows.SelectMany(row => new[] { row.Flag, row.OffFlag }).Append("--device");
        Assert.Empty(flags.Keys.Except(known));
    }

    [Fact]
    public void ServerFlags_NothingGiven_AreTheDefaults()
    {
        var options = ReadServer("");

        Assert.Equal(IPAddress.Loopback, options.Address);
        Assert.Equal((8000, 8001, 8007), (options.HttpPort, options.Ports.Admin, options.Ports.Join));
        Assert.Equal(["model"], options.ServedModelNames);
        Assert.Equal(TimeSpan.FromSeconds(60), options.ShutdownTimeout);
        Assert.Empty(options.ApiKeys);
    }

    [Fact]
    public void ServerFlags_Everything_ReachesItsOption()
    {
        var options = ReadServer(
            "--served-model-name a b --name n --bind 0.0.0.0 --port 0 --port-base 9000 --data-dir d --api-key x --api-key y "
            + "--shutdown-timeout 250ms --log-format json");

        Assert.Equal(["a", "b"], options.ServedModelNames);
        Assert.Equal("n", options.Name);
        Assert.Equal(IPAddress.Any, options.Address);
        Assert.Equal((0, 9001), (options.HttpPort, options.Ports.Admin));
        Assert.Equal(Path.GetFullPath("d"), options.DataFolder);
        Assert.Equal(["x", "y", "from-variable"], options.ApiKeys);
        Assert.Equal(TimeSpan.FromMilliseconds(250), options.ShutdownTimeout);
        Assert.True(options.JsonLogs);

        static ServerOptions ReadServer(string line) =>
            FlagsTests.ReadServer(line, name => name == "GRID_API_KEY" ? "from-variable" : null);
    }

    [Fact]
    public void ServerFlags_DataFolder_ComesFromTheVariable() =>
        Assert.Equal(Path.GetFullPath("other"), ReadServer("", name => name == "GRID_DATA_DIR" ? "other" : null).DataFolder);

    [Fact]
    public void ServerFlags_OpenAddress_NeedsKeysOrConsent()
    {
        Assert.Contains("--allow-anonymous", Assert.Throws<CommandException>(() => ReadServer("--host 0.0.0.0")).Message);
        Assert.Empty(ReadServer("--host 0.0.0.0 --allow-anonymous").ApiKeys);
    }

    private static EngineOptions ReadEngine(string line)
    {
        var flags = new EngineFlags();
        var verb = new Verb("test", "");
        verb.Add(flags.Options);
        return flags.Read(Parse(verb, line), "m");
    }

    private static ServerOptions ReadServer(string line, Func<string, string?>? variable = null)
    {
        var flags = new ServerFlags();
        var verb = new Verb("test", "");
        verb.Add(flags.Options);
        verb.Add(flags.ModelOptions);
        return flags.Read(Parse(verb, line), variable ?? (_ => null), "model");
    }

    private static System.CommandLine.ParseResult Parse(Verb verb, string line)
    {
        var result = verb.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            new System.CommandLine.ParserConfiguration { EnablePosixBundling = false });
        Assert.Empty(UsageErrors.Find(result));
        return result;
    }
}
