using System.Diagnostics;
using static TorchSharp.torch;

namespace Grid.Engine.Collectives;

/// <summary>Measures how fast two shards on threads of one process exchange tensors.</summary>
public static class InProcessProbe
{
    private const int Rounds = 101;
    private const int LargeRounds = 4;
    private const int LargeElements = 4 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The median time of a small all-reduce, and the speed of a broadcast of 16 MiB.</summary>
    /// <exception cref="CollectiveException">A thread did not arrive in time.</exception>
    public static (double Microseconds, double GigabytesPerSecond) Measure()
    {
        var group = new InProcessGroup(["tp0", "tp1"], Patience);
        var other = new Thread(() =>
        {
            try
            {
                Run(group, 1);
            }
            catch (Exception exception)
            {
                // The other one throws it to the caller.
                group.Fail(1, exception);
            }
        })
        { IsBackground = true };
        other.Start();
        return Run(group, 0);
    }

    private static (double Microseconds, double GigabytesPerSecond) Run(InProcessGroup group, int index)
    {
        using var communicator = group.Join(index);
        using Tensor small = zeros(16), large = zeros(LargeElements);
        var times = new double[Rounds];
        for (var i = 0; i < Rounds; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            communicator.AllReduce(small);
            times[i] = Stopwatch.GetElapsedTime(begun).TotalMicroseconds;
        }

        Array.Sort(times);
        // The first one is not measured: it touches the memory.
        communicator.Broadcast(large, 0);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < LargeRounds; i++) communicator.Broadcast(large, 0);
        return (times[Rounds / 2],
            (double)LargeRounds * LargeElements * sizeof(float) / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9);
    }
}
