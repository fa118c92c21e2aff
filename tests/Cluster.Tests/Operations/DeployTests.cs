using System.Net.Http.Json;
using System.Text.Json;
using Grid.Cluster.Tests.Processes;
using Grid.TestUtilities;

namespace Grid.Cluster.Tests.Operations;

/// <summary>Models that are deployed to a live grid by <c>grid serve</c>.</summary>
[Collection("processes")]
public sealed class DeployTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Serve_TwoFoldersThatEndAlike_AreTwoModels()
    {
        await using var bed = new GridBed();
        var (first, second) = (Copy(bed, "run1", "llama-bf16"), Copy(bed, "run2", "qwen2"));
        await bed.StartAsync("a", "up", "--head", "--device", "cpu");
        foreach (var folder in (string[])[first, second])
            await GridBed.RunAsync($"serve {folder} --dtype float32 --max-model-len 64 --num-gpu-blocks-override 64 --data-dir "
                + bed.Folder("a"));

        var models = await bed.Http.GetFromJsonAsync<JsonElement>(bed.Endpoint("a", "http") + "/v1/models", Cancellation);
        Assert.Equal([first, second], models.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()));
        await AssertGoldenAsync(bed, first, "llama-bf16");
        await AssertGoldenAsync(bed, second, "qwen2");
    }

    private static async Task AssertGoldenAsync(GridBed bed, string model, string fixture)
    {
        using var goldens = JsonDocument.Parse(
            await File.ReadAllTextAsync(Path.Combine(Fixtures.Own("hf/" + fixture), "goldens.json"), Cancellation));
        var golden = goldens.RootElement[1];
        int[] greedy = [.. golden.GetProperty("greedy").EnumerateArray().Take(8).Select(id => id.GetInt32())];
        using var answer = await bed.Http.PostAsJsonAsync(bed.Endpoint("a", "http") + "/v1/completions",
            new
            {
                model, prompt = golden.GetProperty("prompt"), temperature = 0, max_tokens = 8, ignore_eos = true, return_token_ids = true,
            },
            Cancellation);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True(answer.IsSuccessStatusCode, body.ToString());
        Assert.Equal(greedy, body.GetProperty("choices")[0].GetProperty("token_ids").EnumerateArray().Select(id => id.GetInt32()));
    }

    private static string Copy(GridBed bed, string run, string fixture)
    {
        var target = Directory.CreateDirectory(Path.Combine(bed.Folder(run), "final"));
        foreach (var file in Directory.GetFiles(Fixtures.Own("hf/" + fixture)))
            File.Copy(file, Path.Combine(target.FullName, Path.GetFileName(file)));
        return target.FullName;
    }
}
