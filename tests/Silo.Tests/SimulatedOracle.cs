using System.Text;

namespace Grid.Silo.Tests;

/// <summary>What the simulated model must answer, written down a second time from its definition.</summary>
internal static class SimulatedOracle
{
    private const int Vocab = 32_000, Candidates = 8;

    /// <summary>The ids of a prompt: its bytes.</summary>
    public static int[] Prompt(string text) => [.. Encoding.UTF8.GetBytes(text).Select(value => (int)value)];

    public static int[] Chat(params (string Role, string Content)[] messages) =>
        Prompt(string.Concat(messages.Select(message => $"<|im_start|>{message.Role}\n{message.Content}<|im_end|>\n"))
        + "<|im_start|>assistant\n");

    /// <summary>Ids and logits after a sequence, the most likely first.</summary>
    public static List<(int Id, double Logit)> Next(IEnumerable<int> ids)
    {
        var hash = ids.SelectMany(BitConverter.GetBytes).Aggregate(14695981039346656037UL, Append);
        return [.. Enumerable.Range(0, Candidates)
            .Select(j => (Id: 256 + (int)(Append(hash, (byte)j) % (Vocab - 256)), Logit: 4 - j / 2.0))
            .DistinctBy(candidate => candidate.Id)];
    }

    public static int[] Greedy(int[] prompt, int count)
    {
        var ids = prompt.ToList();
        while (ids.Count < prompt.Length + count) ids.Add(Next(ids)[0].Id);
        return [.. ids.Skip(prompt.Length)];
    }

    /// <summary>Drawn at temperature 1 with nothing cut off.</summary>
    public static int[] Sampled(int[] prompt, int count, long seed, int choice)
    {
        var ids = prompt.ToList();
        for (var token = 0; token < count; token++)
        {
            var candidates = Next(ids);
            var sum = candidates.Sum(candidate => Math.Exp(candidate.Logit));
            var u = Philox.Uniform(seed, token, choice);
            var cumulative = 0.0;
            ids.Add(candidates.OrderBy(candidate => candidate.Id)
                .First(candidate => (cumulative += Math.Exp(candidate.Logit) / sum) > u).Id);
        }

        return [.. ids.Skip(prompt.Length)];
    }

    public static string Text(IEnumerable<int> ids) => string.Concat(ids.Select(id => $" w{id}"));

    /// <summary>The logprob of the j-th candidate after a sequence.</summary>
    public static double Logprob(IEnumerable<int> ids, int j = 0)
    {
        var candidates = Next(ids);
        return candidates[j].Logit - Math.Log(candidates.Sum(candidate => Math.Exp(candidate.Logit)));
    }

    private static ulong Append(ulong hash, byte value) => (hash ^ value) * 1099511628211UL;

    /// <summary>Philox4x32-10.</summary>
    private static class Philox
    {
        public static double Uniform(long seed, int token, int choice)
        {
            uint[] counter = [(uint)token, (uint)choice, 0, 0];
            var (key0, key1) = ((uint)seed, (uint)(seed >> 32));
            for (var round = 0; round < 10; round++)
            {
                ulong first = 0xD2511F53UL * counter[0], second = 0xCD9E8D57UL * counter[2];
                counter = [(uint)(second >> 32) ^ counter[1] ^ key0, (uint)second, (uint)(first >> 32) ^ counter[3] ^ key1, (uint)first];
                key0 += 0x9E3779B9;
                key1 += 0xBB67AE85;
            }

            return ((((ulong)counter[0] << 32) | counter[1]) >> 11) * Math.Pow(2, -53);
        }
    }
}
