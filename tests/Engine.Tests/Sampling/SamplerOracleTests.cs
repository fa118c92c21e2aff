using System.Runtime.InteropServices;
using System.Text.Json;
using Grid.Engine.Requests;
using Grid.Engine.Sampling;
using Grid.TestUtilities;

namespace Grid.Engine.Tests.Sampling;

/// <summary>The distributions of transformers' processors in vLLM's order.</summary>
public sealed class SamplerOracleTests
{
    private const int Vocab = 320;

    [Fact]
    public void Probabilities_OfEveryCase_AreTheOracles()
    {
        using var cases = JsonDocument.Parse(File.ReadAllBytes(Fixtures.Own("sampling/cases.json")));
        var (logits, expected) = (Tensor("logits"), Tensor("probs"));
        var sampler = new Sampler(Vocab);
        Assert.Equal(160, cases.RootElement.GetArrayLength());
        foreach (var (i, item) in cases.RootElement.EnumerateArray().Index())
        {
            var probabilities = sampler.Probabilities(logits.AsSpan(i * Vocab, Vocab), new SamplingState(Read(item)));
            for (var id = 0; id < Vocab; id++)
            {
                double want = expected[i * Vocab + id];
                Assert.True(Math.Abs(probabilities[id] - want) <= 1e-7 + 5e-6 * want,
                    $"case {i}, id {id}: {probabilities[id]} instead of {want}");
            }
        }
    }

    private static EngineRequest Read(JsonElement item) => new()
    {
        Id = "oracle",
        PromptTokenIds = Ids(item.GetProperty("prompt")),
        ReplayedTokenIds = Ids(item.GetProperty("output")),
        Sampling = new SamplingParams
        {
            Seed = 0,
            Temperature = item.GetProperty("temperature").GetDouble(),
            TopP = item.GetProperty("top_p").GetDouble(),
            TopK = item.GetProperty("top_k").GetInt32(),
            MinP = item.GetProperty("min_p").GetDouble(),
            RepetitionPenalty = item.GetProperty("repetition_penalty").GetDouble(),
            FrequencyPenalty = item.GetProperty("frequency_penalty").GetDouble(),
            PresencePenalty = item.GetProperty("presence_penalty").GetDouble(),
            LogitBias = item.GetProperty("logit_bias").EnumerateObject()
                .ToDictionary(bias => int.Parse(bias.Name), bias => bias.Value.GetSingle()),
        },
    };

    private static int[] Ids(JsonElement ids) => [.. ids.EnumerateArray().Select(id => id.GetInt32())];

    private static float[] Tensor(string name)
    {
        var bytes = File.ReadAllBytes(Fixtures.Own("sampling/distributions.safetensors"));
        var length = (int)BitConverter.ToInt64(bytes, 0);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, length));
        var offsets = header.RootElement.GetProperty(name).GetProperty("data_offsets");
        var (start, end) = (offsets[0].GetInt32(), offsets[1].GetInt32());
        return MemoryMarshal.Cast<byte, float>(bytes.AsSpan(8 + length + start, end - start)).ToArray();
    }
}
