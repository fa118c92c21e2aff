using Grid.Engine.Collectives;
using Grid.Engine.Collectives.Nccl;
using Grid.Engine.Tests.Devices;
using TorchSharp;
using static TorchSharp.torch;

namespace Grid.Engine.Tests.Collectives.Nccl;

/// <summary>NCCL itself, between two devices.</summary>
[Collection(nameof(CudaDevice))]
public sealed class NcclCudaTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1, ScalarType.Float32)]
    [InlineData(4097, ScalarType.Float32)]
    [InlineData(1 << 22, ScalarType.Float32)]
    [InlineData(4097, ScalarType.BFloat16)]
    public void AllReduce_ManyTimes_GivesBothTheSum(int width, ScalarType type) => AllSucceed((_, rank, device) =>
    {
        for (var round = 1; round <= 20; round++)
        {
            using var x = full([1, width], round * (rank.Index + 1f), type, device);
            rank.AllReduce(x);
            Assert.All(Read(x), value => Assert.Equal(3f * round, value));
        }
    });

    [Fact]
    public void AllGather_OfRows_PutsRanksSideBySide() => AllSucceed((_, rank, device) =>
    {
        using var host = tensor(new float[,] { { rank.Index, 10 + rank.Index }, { 100 + rank.Index, 1000 + rank.Index } });
        using var x = host.to(device);
        using var all = rank.AllGather(x);
        Assert.Equal([0, 10, 1, 11, 100, 1000, 101, 1001], Read(all));
    });

    [Fact]
    public void SendReceive_Broadcast_KeepOrder() => AllSucceed((_, rank, device) =>
    {
        for (var round = 0; round < 20; round++)
        {
            using var x = full([1, 5], rank.Index == 0 ? round + 0.5f : 0, device: device);
            if (rank.Index == 0) rank.Send(x, 1);
            else rank.Receive(x, 0);
            Assert.All(Read(x), value => Assert.Equal(round + 0.5f, value));
        }

        using var told = full([1, 3], (long)rank.Index, ScalarType.Int64, device);
        rank.Broadcast(told, 1);
        Assert.Equal([1, 1, 1], Read(told));
    });

    // NCCL connects two ranks when they first exchange something: before, it waits on the host, and then on the device.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Receive_OfWhatIsNeverSent_IsAbortedAndLeavesTheDeviceUsable(bool connected)
    {
        using var aborted = new ManualResetEventSlim();
        var failures = Run(TimeSpan.FromSeconds(5), (group, rank, device) =>
        {
            using var x = ones([1, 4], device: device);
            rank.AllReduce(x);
            if (connected && rank.Index == 0) rank.Send(x, 1);
            else if (connected) rank.Receive(x, 0);
            rank.Step = 5;
            if (rank.Index == 0)
            {
                // Announced, so that the other asks NCCL for it.
                group.MailboxOf(0, 1).Post(BitConverter.GetBytes(16L));
                Assert.True(aborted.Wait(Patience));
            }
            else
            {
                var error = Assert.Throws<CollectiveException>(() => rank.Receive(x, 0));
                group.Fail(1, error);
                aborted.Set();
                Assert.Equal("receive at step 5 timed out after 5 s: waiting for shard tp0", error.Message);
            }

            using var y = ones([1, 4], device: device);
            Assert.All(Read(y), value => Assert.Equal(1, value));
        });
        Assert.All(failures, Assert.Null);
    }

    private static float[] Read(Tensor x)
    {
        using var host = x.to(ScalarType.Float32, CPU);
        return host.data<float>().ToArray();
    }

    private static void AllSucceed(Action<NcclGroup, ICommunicator, Device> work) => Assert.All(Run(Patience, work), Assert.Null);

    private static Exception?[] Run(TimeSpan timeout, Action<NcclGroup, ICommunicator, Device> work)
    {
        CudaDevice.SkipUnlessPresent(2);
        var group = new NcclGroup(NcclLibrary.Shared, ["tp0", "tp1"], timeout, [new CudaStream(0), new CudaStream(1)]);
        var failures = new Exception?[2];
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(number => new Thread(() =>
        {
            using var rank = group.Join(number);
            try
            {
                using var mode = inference_mode();
                work(group, rank, new Device(DeviceType.CUDA, number));
            }
            catch (Exception exception)
            {
                failures[number] = exception;
                group.Fail(number, exception);
            }
        }))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        return failures;
    }
}
