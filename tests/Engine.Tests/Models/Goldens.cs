using System.Text.Json;
using Grid.Engine.Weights;
using Grid.Engine.Weights.Safetensors;

namespace Grid.Engine.Tests.Models;

/// <summary>What a reference implementation computed for a checkpoint.</summary>
internal static class Goldens
{
    /// <summary>Prompts and greedy tokens of <c>goldens.json</c>.</summary>
    public static (int[] Prompt, int[] Greedy)[] ReadTokens(string folder)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "goldens.json")));
        return [.. document.RootElement.EnumerateArray().Select(item => (Ids(item, "prompt"), Ids(item, "greedy")))];
    }

    /// <summary>Logits of every position of a prompt.</summary>
    public static float[][] ReadLogits(string folder, int prompt)
    {
        using var file = new SafetensorsFile(Path.Combine(folder, "goldens.safetensors"));
        return Rows(((IWeightSource)file).Find($"logits{prompt}")!);
    }

    public static float[][] Rows(WeightTensor tensor) => [.. Enumerable.Range(0, (int)tensor.Rows).Select(row =>
    {
        var values = new float[tensor.RowLength];
        tensor.ReadRows(row, 1, values);
        return values;
    })];

    public static float[] Vector(WeightTensor tensor)
    {
        var values = new float[tensor.Rows];
        tensor.ReadRows(0, tensor.Rows, values);
        return values;
    }

    public static int[] Ids(JsonElement item, string name) => [.. item.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];

    /// <summary>Largest difference, as a share of the largest expected value.</summary>
    public static double RelativeError(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        double difference = 0, largest = 0;
        for (var i = 0; i < actual.Length; i++)
        {
            // A NaN must count as wrong, which Math.Max passes on.
            difference = Math.Max(difference, Math.Abs((double)actual[i] - expected[i]));
            largest = Math.Max(largest, Math.Abs((double)expected[i]));
        }
        return difference / largest;
    }
}
