namespace Grid.Engine.Tests.Offline;

/// <summary>The greedy output of the model <c>sim</c>, from its definition: FNV-1a 64 over all ids before, then a byte 0.</summary>
internal static class SimulatedOracle
{
    public static int[] Greedy(IEnumerable<int> prompt, int count, int vocab)
    {
        var ids = prompt.ToList();
        var start = ids.Count;
        while (ids.Count < start + count)
        {
            var hash = 14695981039346656037UL;
            foreach (var value in ids.SelectMany(BitConverter.GetBytes).Append((byte)0)) hash = (hash ^ value) * 1099511628211UL;
            ids.Add(256 + (int)(hash % (ulong)(vocab - 256)));
        }

        return [.. ids.Skip(start)];
    }
}
