using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Grid.Abstractions;
using Grid.Cli.Tests.Processes;
using Grid.TestUtilities;

namespace Grid.Cli.Tests.Loading;

public sealed class BrokenModelTests : IDisposable
{
    private const string Config = "config.json";
    private const string Weights = "model.safetensors";

    private readonly string _folder = Directory.CreateTempSubdirectory("grid-broken-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Run_WholeModel_Answers()
    {
        CopyModel("qwen2");

        var result = await RunAsync(_folder);

        Assert.Equal((ExitCodes.Done, ""), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData("hidden_size", null, ExitCodes.Failed)]
    [InlineData("hidden_size", "\"wide\"", ExitCodes.Failed)]
    [InlineData("num_attention_heads", "0", ExitCodes.Failed)]
    [InlineData("num_hidden_layers", "-3", ExitCodes.Failed)]
    [InlineData("model_type", "\"mamba\"", ExitCodes.Failed)]
    [InlineData("rope_scaling", "[1]", ExitCodes.Failed)]
    public async Task Run_BadConfigField_NamesIt(string field, string? json, int expected)
    {
        CopyModel("qwen2");
        var config = JsonNode.Parse(Read(Config))!.AsObject();
        config.Remove(field);
        if (field == "model_type") config["architectures"] = new JsonArray("MambaForCausalLM");
        if (json is not null) config[field] = JsonNode.Parse(json);
        Write(Config, config.ToJsonString());

        await AssertRefusedAsync(_folder, expected, field == "model_type" ? "MambaForCausalLM" : field);
    }

    [Theory]
    [InlineData(Config, "{\"hidden_size\": 64,")]
    [InlineData(Config, "[]")]
    [InlineData("tokenizer.json", "{}")]
    [InlineData("tokenizer.json", "{\"model\":")]
    [InlineData("tokenizer_config.json", "no json")]
    [InlineData("generation_config.json", "{\"temperature\": \"hot\"}")]
    [InlineData(Weights, "")]
    [InlineData(Weights, "12345678")]
    public async Task Run_BadFile_NamesIt(string file, string content)
    {
        CopyModel("qwen2");
        Write(file, content);

        await AssertRefusedAsync(_folder, ExitCodes.Failed, file);
    }

    [Theory]
    [InlineData(Config, ExitCodes.NotFound)]
    [InlineData(Weights, ExitCodes.NotFound)]
    [InlineData("tokenizer.json", ExitCodes.Failed)]
    public async Task Run_MissingFile_NamesIt(string file, int expected)
    {
        CopyModel("qwen2");
        File.Delete(Path.Combine(_folder, file));

        await AssertRefusedAsync(_folder, expected, file);
    }

    [Fact]
    public async Task Run_TruncatedWeights_NamesTheFile()
    {
        CopyModel("qwen2");
        using (var file = File.OpenWrite(Path.Combine(_folder, Weights))) file.SetLength(file.Length - 100);

        await AssertRefusedAsync(_folder, ExitCodes.Failed, Weights);
    }

    [Theory]
    [InlineData("model.norm.weight")]
    [InlineData("model.layers.1.self_attn.q_proj.weight")]
    public async Task Run_MissingTensor_NamesIt(string tensor)
    {
        CopyModel("qwen2");
        ChangeHeader(header =>
        {
            var entry = header[tensor]!.DeepClone();
            header.Remove(tensor);
            header["other"] = entry;
        });

        await AssertRefusedAsync(_folder, ExitCodes.Failed, tensor);
    }

    [Theory]
    [InlineData("shape", "[64, 320]")]
    [InlineData("shape", "[320, 65]")]
    [InlineData("data_offsets", "[0, 99999999]")]
    [InlineData("data_offsets", "[-8, 8]")]
    [InlineData("dtype", "\"F7\"")]
    public async Task Run_BadTensor_NamesIt(string field, string json)
    {
        CopyModel("qwen2");
        ChangeHeader(header => header["model.embed_tokens.weight"]![field] = JsonNode.Parse(json));

        await AssertRefusedAsync(_folder, ExitCodes.Failed, "model.embed_tokens.weight");
    }

    [Theory]
    [InlineData("os-system.bin", "system")]
    [InlineData("truncated-zip.bin", "pytorch_model.bin")]
    public async Task Run_BadPickle_IsRefusedByName(string pickle, string words)
    {
        CopyModel("opt-bin");
        foreach (var file in Directory.GetFiles(_folder, "pytorch_model*")) File.Delete(file);
        File.Copy(Fixtures.Own($"bad-pickles/{pickle}"), Path.Combine(_folder, "pytorch_model.bin"));

        await AssertRefusedAsync(_folder, ExitCodes.Failed, words);
    }

    [Theory]
    [InlineData(3, "model.gguf")]
    [InlineData(200, "model.gguf")]
    [InlineData(int.MaxValue, "model.gguf")]
    public async Task Run_BadGguf_NamesTheFile(int length, string words)
    {
        var path = Path.Combine(_folder, "model.gguf");
        var whole = await File.ReadAllBytesAsync(Fixtures.Own("gguf/quants.gguf"), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(path, whole[..Math.Min(length, whole.Length)], TestContext.Current.CancellationToken);

        await AssertRefusedAsync(path, ExitCodes.Failed, words);
    }

    private static Task<(int ExitCode, string Output, string Error)> RunAsync(string model) =>
        InProcess.RunAsync("run", model, "hi", "--raw", "--max-tokens", "2", "--kv-cache-memory-bytes", "1MiB", "--cpu-threads", "1");

    private static async Task AssertRefusedAsync(string model, int expected, string words)
    {
        var result = await RunAsync(model);

        Assert.Contains(words, result.Error);
        Assert.StartsWith("grid: ", result.Error);
        Assert.DoesNotContain("Exception", result.Error);
        Assert.Equal(expected, result.ExitCode);
        Assert.Empty(result.Output);
    }

    private void CopyModel(string name)
    {
        foreach (var file in Directory.GetFiles(Fixtures.Own($"hf/{name}"))) File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
    }

    private void ChangeHeader(Action<JsonObject> change)
    {
        var path = Path.Combine(_folder, Weights);
        var file = File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        var header = JsonNode.Parse(file.AsSpan(8, length))!.AsObject();
        change(header);
        var changed = Encoding.UTF8.GetBytes(header.ToJsonString());
        var prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)changed.Length);
        File.WriteAllBytes(path, [.. prefix, .. changed, .. file[(8 + length)..]]);
    }

    private string Read(string file) => File.ReadAllText(Path.Combine(_folder, file));

    private void Write(string file, string content) => File.WriteAllText(Path.Combine(_folder, file), content);
}
