using System.Buffers.Binary;

namespace Grid.Engine.Tests.Simulation;

/// <summary>The simulated model from its definition alone: what a request's greedy output must be.</summary>
internal static class SimOracle
{
    public static int[] Greedy(ReadOnlySpan<int> prompt, int count, int vocab)
    {
        List<int> ids = [.. prompt];
        while (ids.Count < prompt.Length + count) ids.Add(Next(ids, 0, vocab));
        return [.. ids.Skip(prompt.Length)];
    }

    public static int Next(IReadOnlyList<int> ids, int candidate, int vocab)
    {
        var hash = 0xcbf29ce484222325;
        Span<byte> bytes = stackalloc byte[4];
        foreach (var id in ids)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, id);
            foreach (var value in bytes) hash = (hash ^ value) * 0x100000001b3;
        }

        hash = (hash ^ (byte)candidate) * 0x100000001b3;
        return 256 + (int)(hash % (ulong)(vocab - 256));
    }
}
