using Grid.Engine.Configuration;
using Grid.Engine.Requests;
using Grid.Engine.Scheduling;
using Grid.Engine.Tests.Serving;
using Grid.Primitives.Options;

namespace Grid.Engine.Tests.Scheduling;

public sealed class SchedulerTests
{
    [Fact]
    public void Schedule_Waiting_AdmitsInOrderOfArrivalUpToMaxNumSeqs()
    {
        var bed = new SchedulerBed(seqs: 2);
        foreach (var id in "abc") bed.Add(id.ToString(), 10);

        Assert.Equal("a:10 b:10", bed.Step());
        Assert.Equal("a:1 b:1", bed.Step());
        Assert.Equal("c", bed.Waiting);
        bed.Scheduler.Finish(bed.Scheduler.Running[0]);
        Assert.Equal("b:1 c:10", bed.Step());
    }

    [Fact]
    public void Schedule_PromptAboveBudget_IsComputedInPieces()
    {
        var bed = new SchedulerBed(budget: 20);
        bed.Add("a", 50);
        bed.Add("b", 5);

        Assert.Equal("a:20", bed.Step());
        Assert.Equal(0, Logits(bed));
        Assert.Equal("a:20", bed.Step());
        Assert.Equal("a:10 b:5", bed.Step());
        Assert.Equal(2, Logits(bed));
        Assert.Equal("a:1 b:1", bed.Step());
    }

    [Fact]
    public void Schedule_RunningAndWaiting_ServesRunningFirst()
    {
        var bed = new SchedulerBed(budget: 10);
        bed.Add("a", 5);
        bed.Step();
        bed.Add("b", 30);

        Assert.Equal("a:1 b:9", bed.Step());
        Assert.Equal("a:1 b:9", bed.Step());
        Assert.Equal("a:1 b:9", bed.Step());
        Assert.Equal("a:1 b:3", bed.Step());
    }

    [Fact]
    public void Schedule_WithoutChunkedPrefill_SchedulesAPromptWholeOrLetsItWait()
    {
        var bed = new SchedulerBed(budget: 32, chunked: false);
        bed.Add("a", 20);
        bed.Add("b", 20);
        bed.Add("c", 1);

        // The head of the queue waits for a whole budget, and nobody overtakes it.
        Assert.Equal("a:20", bed.Step());
        Assert.Equal("a:1 b:20 c:1", bed.Step());
    }

    [Fact]
    public void Schedule_WholePromptDoesNotFit_WaitsThoughAPieceWould()
    {
        var bed = new SchedulerBed(blocks: 6, budget: 16);
        bed.Add("a", 48);
        for (var i = 0; i < 3; i++) bed.Step();
        bed.Add("b", 64);

        Assert.Equal("a:1", bed.Step());
        Assert.Equal("b", bed.Waiting);
    }

    [Fact]
    public void Schedule_NoBlockLeft_PreemptsTheLastAndPutsItAtTheHead()
    {
        var bed = new SchedulerBed(blocks: 4, caching: false);
        bed.Add("a", 32);
        var b = bed.Add("b", 32);
        bed.Add("c", 16);
        Assert.Equal("a:32 b:32", bed.Step());

        Assert.Equal("a:1", bed.Step());
        Assert.Equal("b c", bed.Waiting);
        Assert.Equal((RequestStatus.Preempted, 0, 1L), (b.Status, b.NumComputedTokens, bed.Scheduler.NumPreemptions));
        Assert.Equal(1, bed.Scheduler.NumPreempted);
        Assert.Equal(0, b.BlockTable.Count);

        // It computes prompt and output again, and fits once a is gone.
        bed.Scheduler.Finish(bed.Scheduler.Running[0]);
        Assert.Equal("b:33 c:16", bed.Step());
        Assert.Equal(0, bed.Scheduler.NumPreempted);
    }

    [Fact]
    public void Schedule_SomethingWasPreempted_AdmitsNobodyInThatStep()
    {
        var bed = new SchedulerBed(blocks: 5);
        bed.Add("a", 32);
        bed.Add("b", 32);
        bed.Step();
        bed.Add("c", 1);

        // b gives up two blocks, and c needs but one.
        Assert.Equal("a:1", bed.Step());
        Assert.Equal("b c", bed.Waiting);
        Assert.Equal(2, bed.KVCache.Pool.NumFree);
    }

    [Fact]
    public void Schedule_SeveralPreempted_ResumeInOrderOfArrival()
    {
        var bed = new SchedulerBed(blocks: 6);
        var a = bed.Add("a", 31);
        bed.Add("b", 31);
        bed.Add("c", 31);
        bed.Step();
        Assert.Equal("a:1 b:1 c:1", bed.Step());
        Assert.Equal("a:1 b:1", bed.Step());
        Assert.Equal("c", bed.Waiting);
        while (a.NumTokens < 65) bed.Step();
        bed.Step();
        Assert.Equal("a", bed.Running);
        Assert.Equal("b c", bed.Waiting);
    }

    [Fact]
    public void Schedule_PriorityPolicy_AdmitsTheLowestNumberThenTheFirst()
    {
        var bed = new SchedulerBed(seqs: 3, policy: SchedulingPolicy.Priority);
        bed.Add("late", 4, priority: 5);
        bed.Add("first", 4, priority: 1);
        bed.Add("second", 4, priority: 1);
        bed.Add("urgent", 4, priority: -1);

        Assert.Equal("urgent:4 first:4 second:4", bed.Step());
        Assert.Equal("late", bed.Waiting);
    }

    [Fact]
    public void Schedule_PriorityPolicy_PreemptsTheWorstEvenIfScheduledBefore()
    {
        var bed = new SchedulerBed(blocks: 4, policy: SchedulingPolicy.Priority);
        bed.Add("worst", 20, priority: 2);
        bed.Step();
        bed.Add("good", 32, priority: 1);
        bed.Step();
        Assert.Equal("worst good", bed.Running);

        // worst is scheduled first in this step and loses its place to good.
        Assert.Equal("good:1", bed.Step());
        Assert.Equal("good", bed.Running);
        Assert.Equal("worst", bed.Waiting);
        Assert.Single(bed.Scheduled);
    }

    [Fact]
    public void Schedule_PriorityTie_PreemptsTheLatest()
    {
        var bed = new SchedulerBed(blocks: 6, policy: SchedulingPolicy.Priority);
        foreach (var id in "abc") bed.Add(id.ToString(), 32, priority: 3);
        bed.Step();

        Assert.Equal("a:1 b:1", bed.Step());
        Assert.Equal("c", bed.Waiting);
    }

    [Fact]
    public void Schedule_PriorityPolicy_TheWorstPreemptsItself()
    {
        var bed = new SchedulerBed(blocks: 4, policy: SchedulingPolicy.Priority);
        bed.Add("good", 20, priority: 1);
        bed.Add("worst", 32, priority: 2);
        bed.Step();

        Assert.Equal("good:1", bed.Step());
        Assert.Equal("worst", bed.Waiting);
    }

    [Fact]
    public void Schedule_ResumedRequest_FindsItsOwnPrefix()
    {
        var bed = new SchedulerBed(blocks: 4, caching: true);
        bed.Add("a", 32);
        var b = bed.Add("b", 32);
        bed.Step();
        Assert.Equal("a:1", bed.Step());
        bed.Scheduler.Finish(bed.Scheduler.Running[0]);

        // a's third block took b's suffix; what is left of b is found.
        Assert.Equal("b:17", bed.Step());
        Assert.Equal(0, b.NumCachedTokens);
        Assert.Equal((64L, 0L), (bed.Scheduler.PrefixCacheQueries, bed.Scheduler.PrefixCacheHits));
    }

    [Fact]
    public void Schedule_PromptLogprobsWanted_ComputesTheCachedPrefixAgain()
    {
        var bed = new SchedulerBed(caching: true);
        bed.Add(EngineTestBed.Request("a", EngineTestBed.Prompt(64)));
        bed.Step();
        bed.Scheduler.Finish(bed.Scheduler.Running[0]);
        bed.Add(EngineTestBed.Request("b", EngineTestBed.Prompt(64), sampling: s => s with { PromptLogprobs = 0 }));
        Assert.Equal("b:64", bed.Step());
        bed.Scheduler.Finish(bed.Scheduler.Running[0]);
        bed.Add(EngineTestBed.Request("c", EngineTestBed.Prompt(64)));
        Assert.Equal("c:16", bed.Step());
    }

    [Fact]
    public void Finish_AnyState_ReturnsAllBlocks()
    {
        var bed = new SchedulerBed(blocks: 4, caching: true);
        var requests = "abcd".Select(id => bed.Add(id.ToString(), 31)).ToList();
        for (var i = 0; i < 4; i++) bed.Step();
        Assert.NotEqual(0, bed.Scheduler.NumPreempted);

        foreach (var request in requests) bed.Scheduler.Finish(request);

        Assert.False(bed.Scheduler.HasWork);
        Assert.Equal(0, bed.Scheduler.NumPreempted);
        bed.Scheduler.CheckIntegrity();
        bed.KVCache.CheckAtRest();
        Assert.Equal(4, bed.KVCache.Pool.NumAvailable);
    }

    [Fact]
    public void Schedule_StepInFlight_GivesARequestNoSecondDecodeStep()
    {
        var bed = new SchedulerBed();
        bed.Add("a", 10);
        var (first, second) = (new SchedulerOutput(), new SchedulerOutput());

        Assert.Equal("a:10", bed.Schedule(first));
        Assert.Equal("", bed.Schedule(second));
        bed.Complete(first);
        Assert.Equal("a:1", bed.Schedule(second));
    }

    [Fact]
    public void Schedule_StepInFlight_ContinuesAPrompt()
    {
        var bed = new SchedulerBed(budget: 16, caching: true);
        var a = bed.Add("a", 40);
        var (first, second) = (new SchedulerOutput(), new SchedulerOutput());

        Assert.Equal("a:16", bed.Schedule(first));
        Assert.Equal("a:16", bed.Schedule(second));
        Assert.Equal(0, a.Cached.NumPublished);
        bed.Complete(first);
        Assert.Equal(1, a.Cached.NumPublished);
        Assert.Equal("a:8", bed.Schedule(first));
        bed.Complete(second);
        bed.Complete(first);
        Assert.Equal((41, 2), (a.NumTokens, a.Cached.NumPublished));
    }

    [Fact]
    public void Schedule_StepInFlight_IsNoVictim()
    {
        var bed = new SchedulerBed(blocks: 4);
        bed.Add("a", 32);
        bed.Add("b", 32);
        var (first, second) = (new SchedulerOutput(), new SchedulerOutput());
        bed.Schedule(first);
        Assert.Equal("", bed.Schedule(second));

        bed.Complete(first);
        Assert.Equal("a:1", bed.Schedule(second));
        Assert.Equal("b", bed.Waiting);
    }

    [Fact]
    public void Finish_StepInFlight_ReturnsTheBlocksWithTheStep()
    {
        var bed = new SchedulerBed();
        var a = bed.Add("a", 32);
        bed.Schedule();

        bed.Scheduler.Finish(a);
        Assert.Equal(2, bed.KVCache.Pool.NumUsed);
        Assert.True(bed.Scheduler.HasWork);

        bed.Complete();
        bed.KVCache.CheckAtRest();
        Assert.False(bed.Scheduler.HasWork);
        Assert.Equal(32, a.NumTokens);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(20, 20)]
    public void Schedule_PromptLogprobs_AsksForTheRowsOfThePrompt(int promptLength, int rows)
    {
        var bed = new SchedulerBed();
        bed.Add("a", promptLength, sampling: s => s with { PromptLogprobs = 1 });
        bed.Step();
        Assert.Equal(rows, Logits(bed));
    }

    [Fact]
    public void Schedule_PromptLogprobsInPieces_AsksForEachRowOnce()
    {
        var bed = new SchedulerBed(budget: 8);
        var a = bed.Add("a", 17, sampling: s => s with { PromptLogprobs = 1 });
        bed.Step();
        Assert.Equal(8, Logits(bed));
        a.NumPromptLogprobs = 9;
        bed.Step();
        Assert.Equal(8, Logits(bed));
        a.NumPromptLogprobs = 17;
        bed.Step();
        Assert.Equal(1, Logits(bed));
    }

    [Fact]
    public void Schedule_LongPromptsWithLogprobs_BoundsTheRowsOfAStep()
    {
        var bed = new SchedulerBed();
        bed.Add("a", 300, sampling: s => s with { PromptLogprobs = 1 });
        bed.Add("b", 300, sampling: s => s with { PromptLogprobs = 1 });

        Assert.Equal("a:256", bed.Step());
        Assert.Equal("a:44 b:212", bed.Step());
    }

    [Fact]
    public void From_NoChunkedPrefillAndSmallBudget_Refuses()
    {
        var options = EngineTestBed.Options with { EnableChunkedPrefill = false, MaxNumBatchedTokens = 511 };
        var exception = Assert.Throws<ModelLoadException>(() => SchedulerConfig.From(options, 512));
        Assert.Equal(ModelLoadFault.Layout, exception.Kind);
        Assert.Contains("--max-num-batched-tokens (511) must be at least the maximum length (512)", exception.Message);
        Assert.Equal(512, SchedulerConfig.From(options with { MaxNumBatchedTokens = 512 }, 512).MaxNumBatchedTokens);
    }

    private static int Logits(SchedulerBed bed) => bed.Scheduled.Sum(scheduled => scheduled.NumLogits);
}
