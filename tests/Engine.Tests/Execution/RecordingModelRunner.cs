using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Grid.Engine.Execution;
using Grid.Engine.KVCache;
using Grid.Engine.Scheduling;

namespace Grid.Engine.Tests.Execution;

/// <summary>Remembers a hash of the bits of every logit row by request and position, and how the steps were cut.</summary>
internal sealed class RecordingModelRunner(IModelRunner inner) : IModelRunner
{
    private SchedulerOutput _step = new();

    public Dictionary<(string Request, int Position), string> Rows { get; } = [];

    public int MostRequestsInAStep { get; private set; }

    public ModelRunnerInfo Info => inner.Info;

    public IKVCacheStorage KVCache => inner.KVCache;

    public void Submit(SchedulerOutput step) => inner.Submit(_step = step);

    public ModelRunnerOutput Collect()
    {
        var (step, output) = (_step, inner.Collect());
        var row = 0;
        foreach (var scheduled in step.Requests)
        {
            var end = scheduled.NumComputedTokens + scheduled.NumScheduledTokens;
            for (var position = end - scheduled.NumLogits; position < end; position++)
                Record((scheduled.Request.Source.Id, position),
                    Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(output.Logits[row++]))));
        }

        MostRequestsInAStep = Math.Max(MostRequestsInAStep, step.Requests.Count);
        return output;
    }

    public void Dispose() => inner.Dispose();

    // A position that is computed again, after a preemption, must come out the same.
    private void Record((string, int) key, string bits)
    {
        if (!Rows.TryAdd(key, bits)) Assert.Equal(Rows[key], bits);
    }
}
