using Grid.Engine.Loading;
using Grid.Engine.Requests;
using Grid.Engine.Serving;
using Grid.Engine.Simulation;
using Grid.Primitives.Options;
using Request = Grid.Engine.Requests.Request;
using static Grid.Engine.Tests.Serving.EngineTestBed;

namespace Grid.Engine.Tests.Serving;

// A listener of another test would allocate on this one's thread.
[Collection(nameof(EngineInstruments))]
public sealed class LLMEngineCoreTests
{
    private static int Seed { get; } = Environment.TickCount;

    [Theory]
    [InlineData("fcfs", true, 1)]
    [InlineData("priority", true, 1)]
    [InlineData("priority", false, 1)]
    [InlineData("fcfs", true, 2)]
    [InlineData("priority", true, 3)]
    public void Step_ThousandMixedRequestsWithAborts_KeepsEveryInvariant(string policy, bool chunked, int stepsInFlight)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var options = Options
            with
        {
            SchedulingPolicy = EngineChoices.SchedulingPolicies.Parse(policy),
            EnableChunkedPrefill = chunked,
            MaxNumSeqs = 12,
            MaxNumBatchedTokens = chunked ? 100 : 512
        };
        var registry = new RequestRegistry(int.MaxValue);
        using var core = NewCore(options, registry, blocks: 40, stepsInFlight);
        var all = new List<Request>();
        var aborted = new HashSet<string>();
        while (all.Count < 1000 || core.HasWork)
        {
            if (all.Count < 1000 && random.Next(3) > 0) all.AddRange(AddGroup(core, registry, random, all.Count));
            if (all.Count > 0 && random.Next(10) == 0)
            {
                var victim = all[random.Next(Math.Max(0, all.Count - 30), all.Count)];
                if (victim.Status != RequestStatus.Finished) aborted.Add(victim.Source.Id);
                core.End(victim.Source.Id, FinishReason.Abort);
                core.CheckIntegrity();
            }

            if (!core.HasWork) continue;
            core.Step();
            core.CheckIntegrity();
        }

        core.CheckAtRest();
        Assert.Equal(40, core.Load.FreeBlocks + core.Load.CachedBlocks);
        Assert.Equal(0, registry.NumQueued);
        Assert.True(core.Load.Preemptions > 0, $"seed {Seed}: nothing was preempted");
        Assert.NotEmpty(aborted);
        foreach (var request in all) CheckOutputs(request, aborted.Contains(request.Source.Id));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Step_PromptLogprobsInPieces_AreTheSameWithStepsAhead(int stepsInFlight)
    {
        var registry = new RequestRegistry(int.MaxValue);
        var options = Options with { MaxNumBatchedTokens = 7, EnablePrefixCaching = false };
        using var core = NewCore(options, registry, blocks: 64, stepsInFlight);
        var request = New(Request("r", Prompt(60), maxTokens: 3, sampling => sampling with { PromptLogprobs = 0 }));
        registry.Add([request]);
        core.Add([request]);
        while (core.HasWork) core.Step();

        Assert.True(request.Stream!.Reader.TryRead(out var first));
        var logprobs = first.PromptLogprobs!;
        Assert.Null(logprobs[0]);
        Assert.Equal(request.Source.PromptTokenIds[1..], logprobs.Skip(1).Select(entry => entry!.TokenId));
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 32)]
    public void Step_Decoding_AllocatesAlmostNothing(bool caching, int maxBytesPerToken)
    {
        var registry = new RequestRegistry(int.MaxValue);
        using var core = NewCore(Options with { EnablePrefixCaching = caching }, registry, blocks: 256);
        Request[] requests = [.. Enumerable.Range(0, 8).Select(i => New(Request($"{i}", Prompt(8, seed: i), maxTokens: 500)))];
        registry.Add(requests);
        core.Add(requests);
        for (var i = 0; i < 100; i++) Step();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 200; i++) Step();
        var perToken = (GC.GetAllocatedBytesForCurrentThread() - before) / (200.0 * requests.Length);

        // Block tables double now and then, and with the prefix cache so do the hash chains and the dictionary of blocks.
        Assert.True(perToken < maxBytesPerToken, $"{perToken} bytes a token");

        void Step()
        {
            core.Step();
            foreach (var request in requests)
                while (request.Stream!.Reader.TryRead(out _)) { }
        }
    }

    private static LLMEngineCore NewCore(EngineOptions options, RequestRegistry registry, int blocks, int stepsInFlight = 1) =>
        new(stepsInFlight == 1 ? new SimulatedModelRunner(Sim) : new QueueingRunner(new SimulatedModelRunner(Sim), stepsInFlight), options,
            new KVCacheSizing(blocks, 512), registry, TimeProvider.System, new("sim", 0));

    private static Request New(EngineRequest source) => new(source) { Stream = new(source, 0) };

    private static Request[] AddGroup(LLMEngineCore core, RequestRegistry registry, Random random, int index)
    {
        Request[] group = [.. Enumerable.Range(index, random.Next(1, 4)).Select(i => New(RandomRequest(random, i)))];
        registry.Add(group);
        core.Add(group);
        return group;
    }

    private static EngineRequest RandomRequest(Random random, int index)
    {
        // Few prefixes and few lengths, so that many prompts share blocks.
        int[] prompt = [.. Prompt(16 * random.Next(6), seed: random.Next(3)), .. Prompt(1 + random.Next(40), seed: random.Next(20))];
        var request =
            Request($"{index}", prompt, maxTokens: 1 + random.Next(60), s => s with { PromptLogprobs = random.Next(10) == 0 ? 1 : null });
        var replayed = random.Next(8) == 0 ? Expected(request)[..random.Next(request.Sampling.MaxTokens!.Value)] : [];
        return request with { Priority = random.Next(3), CacheSalt = random.Next(4) == 0 ? "salt" : null, ReplayedTokenIds = replayed };
    }

    private static void CheckOutputs(Request request, bool aborted)
    {
        var outputs = new List<EngineOutput>();
        while (request.Stream!.Reader.TryRead(out var output)) outputs.Add(output);
        Assert.True(request.Stream.Reader.Completion.IsCompleted);
        Assert.Single(outputs, output => output.FinishReason is not null);
        var expected = Expected(request.Source)[request.Source.ReplayedTokenIds.Length..];
        var tokens = Tokens(outputs);
        Assert.Equal(aborted ? FinishReason.Abort : FinishReason.Length, outputs[^1].FinishReason);
        Assert.Equal(aborted ? expected[..tokens.Length] : expected, tokens);
    }
}
