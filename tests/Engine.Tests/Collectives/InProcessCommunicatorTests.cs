using Grid.Engine.Collectives;
using Microsoft.Extensions.Time.Testing;
using static TorchSharp.torch;

namespace Grid.Engine.Tests.Collectives;

public sealed class InProcessCommunicatorTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 100)]
    [InlineData(4, 4097)]
    public void AllReduce_ManyTimes_GivesEveryRankTheSameSum(int size, int width)
    {
        Run(size, Patience, group =>
        {
            for (var round = 1; round <= 50; round++)
            {
                using var x = full([1, width], round * (group.Index + 1f));
                group.AllReduce(x);
                var expected = round * size * (size + 1) / 2f;
                Assert.All(x.data<float>().ToArray(), value => Assert.Equal(expected, value));
            }
        });
    }

    [Fact]
    public void AllReduce_OfBFloat16_AddsInFloat32()
    {
        // 256 + 1 is not a bfloat16: only a sum that is rounded once gives 258.
        float[] parts = [256, 1, 1];
        Run(3, Patience, group =>
        {
            using var x = full([1, 33], parts[group.Index], ScalarType.BFloat16);
            group.AllReduce(x);
            using var wide = x.to(ScalarType.Float32);
            Assert.All(wide.data<float>().ToArray(), value => Assert.Equal(258, value));
        });
    }

    [Fact]
    public void AllGather_OfRows_PutsRanksSideBySide()
    {
        Run(3, Patience, group =>
        {
            using var x = tensor(new float[,] { { group.Index, 10 + group.Index }, { 100 + group.Index, 1000 + group.Index } });
            using var all = group.AllGather(x);
            Assert.Equal([0, 10, 1, 11, 2, 12, 100, 1000, 101, 1001, 102, 1002], all.data<float>().ToArray());
        });
    }

    [Fact]
    public void SendReceive_Broadcast_KeepOrder()
    {
        Run(2, Patience, group =>
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

            using var told = full([1, 3], (float)group.Index);
            group.Broadcast(told, 1);
            Assert.Equal([1, 1, 1], told.data<float>().ToArray());
        });
    }

    [Fact]
    public async Task AllReduce_WhereAShardStaysAway_NamesOperationStepAndShard()
    {
        var time = new FakeTimeProvider();
        var group = new InProcessGroup(["tp0", "tp1 (node-b)"], TimeSpan.FromSeconds(50.5), time);
        var rank = group.Join(0);
        rank.Step = 812;
        using var x = ones(1, 4);
        var exception = await time.ThrowsInTimeAsync<CollectiveException>(() => rank.AllReduce(x));
        Assert.Equal("all_reduce at step 812 timed out after 50.5 s: waiting for shard tp1 (node-b)", exception.Message);
        exception = await time.ThrowsInTimeAsync<CollectiveException>(() => rank.Receive(x, 1));
        Assert.Equal("receive at step 812 timed out after 50.5 s: waiting for shard tp1 (node-b)", exception.Message);
    }

    [Fact]
    public void Fail_WhileOthersWait_EndsTheirWait()
    {
        var group = new InProcessGroup(["tp0", "tp1"], Patience);
        var waiting = Task.Run(() =>
        {
            using var x = ones(1, 4);
            group.Join(0).AllReduce(x);
        }, TestContext.Current.CancellationToken);
        group.Fail(1, new InvalidOperationException("out of memory"));
        var exception = Assert.Throws<CollectiveException>(() => waiting.GetAwaiter().GetResult());
        Assert.Equal("all_reduce at step 0 failed: shard tp1 is gone: out of memory", exception.Message);
    }

    [Fact]
    public void Times_AfterOperations_TellWaitsByOperationAndCopies()
    {
        Run(2, Patience, group =>
        {
            using var x = ones(1, 64);
            group.AllReduce(x);
            Assert.True(group.Times.WaitTicks(CollectiveOperation.AllReduce) > 0);
            Assert.Equal(0, group.Times.WaitTicks(CollectiveOperation.Receive));
            var copied = group.Times.CopyTicks;
            Assert.True(copied > 0);
            if (group.Index == 0) group.Send(x, 1);
            else group.Receive(x, 0);
            Assert.True(group.Times.CopyTicks > copied);
            Assert.Equal(group.Index == 1, group.Times.WaitTicks(CollectiveOperation.Receive) > 0);
        });
    }

    private static void Run(int size, TimeSpan timeout, Action<ICommunicator> work)
    {
        var group = new InProcessGroup([.. Enumerable.Range(0, size).Select(rank => $"tp{rank}")], timeout);
        var failures = new Exception?[size];
        Thread[] threads = [.. Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            try
            {
                using var mode = inference_mode();
                work(group.Join(rank));
            }
            catch (Exception exception)
            {
                failures[rank] = exception;
                group.Fail(rank, exception);
            }
        }))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.All(failures, Assert.Null);
    }
}
