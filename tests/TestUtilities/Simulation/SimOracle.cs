using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Grid.TestUtilities.Simulation;

/// <summary>The simulated model from its definition alone: what a request's greedy output must be.</summary>
public static class SimOracle
{
    private const ulong Offset = 0xcbf29ce484222325;
    private const ulong Prime = 0x100000001b3;

    /// <summary>The ids of a text: its bytes.</summary>
    public static int[] Encode(string text) => [.. Encoding.UTF8.GetBytes(text).Select(value => (int)value)];

    /// <summary>The ids of a chat of one message of a user.</summary>
    public static int[] EncodeChat(string content) => Encode($"<|im_start|>user\n{content}<|im_end|>\n<|im_start|>assistant\n");

    /// <summary>The text of ids from 256 on.</summary>
    public static string Decode(IEnumerable<int> ids) =>
        string.Concat(ids.Select(id => string.Create(CultureInfo.InvariantCulture, $" w{id}")));

    /// <summary>The tokens after a prompt.</summary>
    public static int[] Greedy(ReadOnlySpan<int> prompt, int count, int vocab)
    {
        var hash = Offset;
        foreach (var id in prompt) hash = Append(hash, id);
        var output = new int[count];
        for (var i = 0; i < count; i++)
        {
            output[i] = Candidate(hash, 0, vocab);
            hash = Append(hash, output[i]);
        }

        return output;
    }

    /// <summary>One of the eight candidates for the token after some ids.</summary>
    public static int Next(IReadOnlyList<int> ids, int candidate, int vocab) => Candidate(ids.Aggregate(Offset, Append), candidate, vocab);

    private static ulong Append(ulong hash, int id)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, id);
        foreach (var value in bytes) hash = (hash ^ value) * Prime;
        return hash;
    }

    private static int Candidate(ulong hash, int candidate, int vocab) =>
        256 + (int)((hash ^ (byte)candidate) * Prime % (ulong)(vocab - 256));
}
