using Grid.Engine.Configuration;
using Grid.Engine.KVCache;
using Grid.Engine.Sampling;
using Grid.Engine.Scheduling;
using Grid.Engine.Simulation;
using Grid.Engine.Tests.Serving;
using Grid.TestUtilities.Simulation;
using Microsoft.Extensions.Time.Testing;
using Request = Grid.Engine.Requests.Request;

namespace Grid.Engine.Tests.Simulation;

public sealed class SimulatedModelRunnerTests : IDisposable
{
    private readonly SimulatedModelRunner _runner = new(EngineTestBed.Sim);

    [Fact]
    public void Append_NoIds_IsTheOffsetBasis() => Assert.Equal(0xcbf29ce484222325, TokenHash.Empty);

    [Fact]
    public void Append_OneId_IsFnv1aOfItsBytes()
    {
        // FNV-1a 64 of the text "foobar" is published; here its bytes come as an id and two candidates' bytes.
        var hash = TokenHash.Append(TokenHash.Empty, 'f' | 'o' << 8 | 'o' << 16 | 'b' << 24);
        hash = (hash ^ 'a') * 1099511628211;
        hash = (hash ^ 'r') * 1099511628211;
        Assert.Equal(0x85944171f73967e8, hash);
    }

    [Fact]
    public void Collect_Prompt_GivesTheEightCandidates()
    {
        int[] prompt = [72, 105, 999];
        _runner.KVCache.Reserve(4);
        var row = Run(_runner, Step(prompt, 1))[0].ToArray();

        var expected = new float[EngineTestBed.Vocab];
        Array.Fill(expected, float.NegativeInfinity);
        for (var j = 7; j >= 0; j--) expected[SimOracle.Next(prompt, j, EngineTestBed.Vocab)] = 4 - j / 2f;
        Assert.Equal(expected, row);
    }

    [Fact]
    public void Collect_CandidatesCollide_KeepsTheHigherLogit()
    {
        using var runner = new SimulatedModelRunner(EngineTestBed.Sim with { Vocab = 257 });
        runner.KVCache.Reserve(1);
        var row = Run(runner, Step([1], 1))[0];
        Assert.Equal(4f, row[256]);
        Assert.Equal(float.NegativeInfinity, row[255]);
    }

    [Fact]
    public void Collect_AllRows_GivesOneForEachPosition()
    {
        var prompt = EngineTestBed.Prompt(20);
        _runner.KVCache.Reserve(4);
        for (var round = 0; round < 2; round++)
        {
            var output = Run(_runner, Step(prompt, 20));
            for (var i = 0; i < 20; i++)
            {
                var row = output[i];
                Assert.Equal(4f, row[SimOracle.Next(prompt[..(i + 1)], 0, EngineTestBed.Vocab)]);
                Assert.InRange(row.ToArray().Count(float.IsFinite), 1, 8);
            }
        }
    }

    [Fact]
    public void Constructor_VocabWithoutRoom_NamesTheLimit() =>
        Assert.Contains("at least 257; got 256",
        Assert.Throws<ModelLoadException>(() => new SimulatedModelRunner(new() { Vocab = 256 })).Message);

    [Fact]
    public void Duration_Defaults_AddsPrefillAndSequences()
    {
        var clock = new StepClock(new(), new FakeTimeProvider());
        var step = new SchedulerOutput();
        step.Add(new(NewRequest(EngineTestBed.Prompt(80)), 0, 80, 1));
        Assert.Equal(TimeSpan.FromMilliseconds(16), clock.Duration(step));
        step.Add(new(NewRequest([1]), 0, 1, 1));
        step.Add(new(NewRequest([1]), 0, 1, 1));
        Assert.Equal(TimeSpan.FromMilliseconds(16.7), clock.Duration(step));
    }

    [Fact]
    public async Task Collect_FakeTime_LastsAsLongAsTheDevice()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.Zero };
        using var runner = new SimulatedModelRunner(EngineTestBed.Sim with { Step = TimeSpan.FromMilliseconds(6) }, 16, time);
        runner.KVCache.Reserve(4);
        var step = Task.Run(() => Run(runner, Step([1], 1)).Count, TestContext.Current.CancellationToken);
        while (!step.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        Assert.True(time.GetUtcNow() - time.Start >= TimeSpan.FromMilliseconds(6));
        Assert.Equal(1, await step);
    }

    [Fact]
    public void Load_NoTime_ReportsAllBytes()
    {
        var reports = new List<LoadProgress>();
        using var runner = SimulatedModelRunner.Load(
            SimOptions.Instant, 16, progress: new Recorder(reports.Add), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(2L << 30, reports[^1].Done);
        Assert.Equal(reports.Select(report => report.Done).Order(), reports.Select(report => report.Done));
    }

    public void Dispose() => _runner.Dispose();

    private static LogitRows Run(SimulatedModelRunner runner, SchedulerOutput step)
    {
        runner.Submit(step);
        return runner.Collect().Logits;
    }

    private static SchedulerOutput Step(int[] prompt, int numLogits)
    {
        var step = new SchedulerOutput();
        step.Add(new(NewRequest(prompt), 0, prompt.Length, numLogits));
        return step;
    }

    private static Request NewRequest(int[] prompt)
    {
        var request = new Request(EngineTestBed.Request("a", prompt));
        Assert.True(new KVCacheManager(8, 16, false, "m").TryAdmit(request.Cached, prompt.Length, 0, prompt.Length));
        return request;
    }

    private sealed class Recorder(Action<LoadProgress> report) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => report(value);
    }
}
