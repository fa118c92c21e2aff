using Grid.Engine.Collectives;
using Grid.Engine.Collectives.Nccl;
using Microsoft.Extensions.Time.Testing;
using static TorchSharp.torch;

namespace Grid.Engine.Tests.Collectives.Nccl;

public sealed class NcclCommunicatorTests : IClassFixture<NcclStub>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FakeLimit = TimeSpan.FromMinutes(1);

    private readonly NcclStub _stub;

    public NcclCommunicatorTests(NcclStub stub)
    {
        _stub = stub;
        Assert.SkipWhen(stub.Absence is not null, stub.Absence ?? "");
        stub.Reset();
    }

    public void Dispose()
    {
        if (_stub.Absence is not null) return;
        // Who is stuck in the stub may go on.
        _stub.Reset();
        Assert.True(SpinWait.SpinUntil(() => _stub.Live == 0, Patience), "communicators are left over");
    }

    [Fact]
    public void Find_ALibraryThatTheProcessHasLoaded_IsTaken() => Assert.Equal(22105, _stub.Library.Version);

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 100)]
    [InlineData(4, 4097)]
    public void AllReduce_ManyTimes_GivesEveryRankTheSum(int size, int width)
    {
        AllSucceed(size, group =>
        {
            for (var round = 1; round <= 50; round++)
            {
                using var x = full([1, width], round * (group.Index + 1f));
                group.AllReduce(x);
                var expected = round * size * (size + 1) / 2f;
                Assert.All(x.data<float>().ToArray(), value => Assert.Equal(expected, value));
            }
        });
        Assert.Equal(50 * size,
            _stub.Log.Count(
            line => line.StartsWith("all_reduce", StringComparison.Ordinal)
                && line.EndsWith($"count={width} type=7 argument=0", StringComparison.Ordinal)));
    }

    [Fact]
    public void AllReduce_OfBFloat16_GoesAsBFloat16()
    {
        AllSucceed(3, group =>
        {
            using var x = full([1, 33], group.Index + 1f, ScalarType.BFloat16);
            group.AllReduce(x);
            using var wide = x.to(ScalarType.Float32);
            Assert.All(wide.data<float>().ToArray(), value => Assert.Equal(6, value));
        });
        Assert.Contains("all_reduce rank=2 count=33 type=9 argument=0", _stub.Log);
    }

    [Fact]
    public void AllGather_OfRows_PutsRanksSideBySide() => AllSucceed(3, group =>
    {
        using var x = tensor(new float[,] { { group.Index, 10 + group.Index }, { 100 + group.Index, 1000 + group.Index } });
        using var all = group.AllGather(x);
        Assert.Equal([0, 10, 1, 11, 2, 12, 100, 1000, 101, 1001, 102, 1002], all.data<float>().ToArray());
    });

    [Fact]
    public void SendReceive_Broadcast_KeepOrder() => AllSucceed(2, group =>
    {
        for (var round = 0; round < 20; round++)
        {
            using var x = full([1, 5], round + 0.5f);
            if (group.Index == 0) group.Send(x, 1);
            else
            {
                x.zero_();
                group.Receive(x, 0);
                Assert.All(x.data<float>().ToArray(), value => Assert.Equal(round + 0.5f, value));
            }
        }

        using var told = full([1, 3], (long)group.Index, ScalarType.Int64);
        group.Broadcast(told, 1);
        Assert.Equal([1, 1, 1], told.data<long>().ToArray());
    });

    [Fact]
    public void SendReceive_OverThreeRanks_ConnectsBeforeAnyoneWaitsForData() => AllSucceed(3, group =>
    {
        using var x = full([1, 5], 7f);
        if (group.Index > 0)
        {
            x.zero_();
            group.Receive(x, group.Index - 1);
        }

        if (group.Index < 2) group.Send(x, group.Index + 1);
        Assert.All(x.data<float>().ToArray(), value => Assert.Equal(7, value));
    });

    [Fact]
    public async Task AllReduce_WhereAShardStaysAway_NamesOperationStepAndShard()
    {
        var time = new FakeTimeProvider();
        var group = Group(["tp0", "tp1 (node-b)"], FakeLimit, time);
        using var rank = group.Join(0);
        rank.Step = 812;
        using var x = ones(1, 4);
        var exception = await time.ThrowsInTimeAsync<CollectiveException>(() => rank.AllReduce(x));
        Assert.Equal("all_reduce at step 812 timed out after 60 s: waiting for shard tp1 (node-b)", exception.Message);
        exception = await time.ThrowsInTimeAsync<CollectiveException>(() => rank.Receive(x, 1));
        Assert.Equal("receive at step 812 timed out after 60 s: waiting for shard tp1 (node-b)", exception.Message);
    }

    [Fact]
    public async Task AllReduce_WhereOneOfThreeStopsLater_NamesIt()
    {
        var failures = await RunLateAsync(3, group =>
        {
            using var x = ones(1, 4);
            group.AllReduce(x);
            group.Step = 9;
            if (group.Index != 1) group.AllReduce(x);
        });
        Assert.Null(failures[1]);
        Assert.Contains("all_reduce at step 9 timed out after 60 s: waiting for shard tp1", failures.Select(failure => failure?.Message));
    }

    [Theory]
    [InlineData("HangOnStream")]
    [InlineData("HangInCall")]
    public async Task AllReduce_ThatNeverEnds_IsAbortedAtItsDeadline(string fault)
    {
        var failures = await RunLateAsync(2, group =>
        {
            using var x = ones(1, 4);
            group.AllReduce(x);
            if (group.Index == 0) _stub.Misbehave(Enum.Parse<StubFault>(fault), 0);
            group.Step = 5;
            group.Broadcast(x, 0);
            group.AllReduce(x);
        });
        // The other one is stuck with it: whose deadline comes first is not told.
        Assert.Contains(failures,
            failure =>
            failure?.Message is "broadcast at step 5 timed out after 60 s: waiting for shard tp0"
                or "broadcast at step 5 timed out after 60 s: waiting for shard tp1");
        Assert.Contains("abort rank=0 count=0 type=0 argument=0", _stub.Log);
    }

    [Fact]
    public async Task Receive_OfWhatNeverArrives_NamesTheSender()
    {
        _stub.Misbehave(StubFault.HangInCall, 1);
        var failures = await RunLateAsync(2, group =>
        {
            using var x = ones(1, 4);
            if (group.Index == 0) group.Send(x, 1);
            else group.Receive(x, 0);
        });
        Assert.Null(failures[0]);
        Assert.Equal("receive at step 0 timed out after 60 s: waiting for shard tp0", failures[1]?.Message);
    }

    [Fact]
    public void Receive_OfAnotherSize_NamesBoth()
    {
        var failures = Run(2, Patience, group =>
        {
            using var x = ones(1, 4 + group.Index);
            if (group.Index == 0) group.Send(x, 1);
            else group.Receive(x, 0);
        });
        Assert.Equal("receive at step 0 failed: shard tp0 must send 20 bytes; got 16", failures[1]?.Message);
    }

    [Theory]
    [InlineData("Fail", "all_reduce at step 0 failed on shard tp1: NCCL error 2, unhandled system error")]
    [InlineData("FailLater", "all_reduce at step 0 failed on shard tp1: NCCL error 6, remote process exited or there was a network error")]
    public void AllReduce_ThatFailsOnOneRank_EndsTheOthersWait(string fault, string message)
    {
        _stub.Misbehave(Enum.Parse<StubFault>(fault), 1);
        var failures = Run(2, Patience, group =>
        {
            using var x = ones(1, 4);
            group.AllReduce(x);
        });
        Assert.Equal(message, failures[1]?.Message);
        Assert.Equal($"all_reduce at step 0 failed: shard tp1 is gone: {message}", failures[0]?.Message);
    }

    [Fact]
    public async Task AllReduce_WhereNcclDoesNotConnect_TimesOut()
    {
        _stub.Misbehave(StubFault.HangInInit, 0);
        var failures = await RunLateAsync(2, group =>
        {
            using var x = ones(1, 4);
            group.AllReduce(x);
        });
        Assert.Contains(failures,
            failure =>
            failure?.Message is "all_reduce at step 0 timed out after 60 s: waiting for shard tp0"
                or "all_reduce at step 0 timed out after 60 s: waiting for shard tp1");
    }

    [Fact]
    public void AllReduce_OfATypeThatNcclLacks_IsRefused()
    {
        using var rank = Group(["tp0", "tp1"], Patience).Join(0);
        using var x = ones(1, 4, ScalarType.Bool);
        Assert.Contains("NCCL cannot exchange tensors of type Bool", Assert.Throws<ArgumentException>(() => rank.AllReduce(x)).Message);
    }

    [Fact]
    public void Fail_WhileOthersWait_EndsTheirWait()
    {
        var group = Group(["tp0", "tp1"], Patience);
        var waiting = Task.Run(() =>
        {
            using var x = ones(1, 4);
            using var rank = group.Join(0);
            rank.AllReduce(x);
        }, TestContext.Current.CancellationToken);
        group.Fail(1, new InvalidOperationException("out of memory"));
        var exception = Assert.Throws<CollectiveException>(() => waiting.GetAwaiter().GetResult());
        Assert.Equal("all_reduce at step 0 failed: shard tp1 is gone: out of memory", exception.Message);
    }

    private NcclGroup Group(string[] names, TimeSpan timeout, TimeProvider? time = null) =>
        new(_stub.Library, names, timeout, [.. names.Select((_, rank) => _stub.Stream(rank))], time);

    private void AllSucceed(int size, Action<ICommunicator> work) => Assert.All(Run(size, Patience, work), Assert.Null);

    /// <summary>Runs what is to end at a deadline.</summary>
    private async Task<Exception?[]> RunLateAsync(int size, Action<ICommunicator> work)
    {
        var (time, failures) = (new FakeTimeProvider(), Array.Empty<Exception?>());
        await time.AdvanceUntilAsync(FakeTimeExtensions.Start(() => failures = Run(size, FakeLimit, work, time)));
        return failures;
    }

    private Exception?[] Run(int size, TimeSpan timeout, Action<ICommunicator> work, TimeProvider? time = null)
    {
        var group = Group([.. Enumerable.Range(0, size).Select(rank => $"tp{rank}")], timeout, time);
        var failures = new Exception?[size];
        var ranks = Enumerable.Range(0, size).Select(group.Join).ToArray();
        Thread[] threads = [.. Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            try
            {
                using var mode = inference_mode();
                work(ranks[rank]);
            }
            catch (Exception exception)
            {
                failures[rank] = exception;
                group.Fail(rank, exception);
            }
        }))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        foreach (var rank in ranks) rank.Dispose();
        return failures;
    }
}
