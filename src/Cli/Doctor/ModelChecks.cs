using System.Globalization;
using System.Security.Cryptography;
using Grid.Cli.Pull;
using Grid.Engine.Configuration;
using Grid.Engine.Models.Files;
using Grid.Engine.Planning;
using Grid.Engine.Weights;
using Grid.Primitives.Options;
using Grid.Primitives.Units;

namespace Grid.Cli.Doctor;

/// <summary>Looks at a model's files as a load would, without loading them.</summary>
/// <param name="model">Folder, GGUF file or ORG/NAME.</param>
/// <param name="revision">The branch, tag or commit of a model of the hub; null for main.</param>
internal sealed class ModelChecks(string model, string? revision)
{
    private static readonly string[] WeightFiles = [".safetensors", ".bin", ".gguf"];

    /// <summary>Config, tokenizer, weights, and each weight file's checksum. Reads the files whole.</summary>
    public async Task<IReadOnlyList<DoctorCheck>> RunAsync(CancellationToken cancellation)
    {
        ModelFiles files;
        try
        {
            files = ModelFiles.Resolve(model, revision);
        }
        catch (ModelLoadException fault)
        {
            return [DoctorCheck.Fail("model", model, fault.Message)];
        }

        ModelConfig? config = null;
        List<DoctorCheck> checks =
        [
            DoctorCheck.Try<ModelLoadException>("config", files.Path, () => Describe(config = files.ReadConfig())),
            DoctorCheck.Try<ModelLoadException>("tokenizer", files.Path,
                () => string.Create(CultureInfo.InvariantCulture, $"{files.LoadTokenizer().VocabSize:N0} tokens")),
        ];
        if (config is not null) checks.Add(Weights(files, config));
        foreach (var path in Paths(files)) checks.Add(await ChecksumAsync(path, cancellation));
        return checks;
    }

    private static string Describe(ModelConfig config) => string.Create(CultureInfo.InvariantCulture,
        $"{config.Architecture}, {config.NumHiddenLayers} layers, {config.NumAttentionHeads} heads, {config.NumKeyValueHeads} key/value "
        + $"heads, {config.DType ?? "float32"}");

    private DoctorCheck Weights(ModelFiles files, ModelConfig config)
    {
        try
        {
            using var weights = files.OpenWeights(config);
            foreach (var name in weights.Names) Touch(weights.Find(name));
            var profile = ModelProfile.Read(new EngineOptions { Model = model, Revision = revision });
            var detail = string.Create(CultureInfo.InvariantCulture,
                $"{weights.Names.Count} tensors, {profile.StoredElements:N0} weights, {ByteSize.Format(weights.TotalBytes)}");
            return profile.StoredElements == profile.CountedElements ? DoctorCheck.Ok("weights", files.Path, detail)
                : DoctorCheck.Warn("weights", files.Path,
                string.Create(CultureInfo.InvariantCulture, $"{detail}; the config makes {profile.CountedElements:N0} weights"));
        }
        catch (ModelLoadException fault)
        {
            return DoctorCheck.Fail("weights", files.Path, fault.Message);
        }
    }

    // A row at each end: a file that ends early or lies on a broken disk shows here.
    private static void Touch(WeightTensor? tensor)
    {
        if (tensor is null || tensor.Rows == 0) return;
        var row = new float[tensor.RowLength];
        tensor.ReadRows(0, 1, row);
        tensor.ReadRows(tensor.Rows - 1, 1, row);
    }

    private static IEnumerable<string> Paths(ModelFiles files) => files.GgufPath is { } gguf ? [gguf]
        : Directory.EnumerateFiles(files.Folder).Where(path => WeightFiles.Contains(Path.GetExtension(path))).Order(StringComparer.Ordinal);

    // The hub's cache names blobs by their checksum.
    private static async Task<DoctorCheck> ChecksumAsync(string path, CancellationToken cancellation)
    {
        var name = Path.GetFileName(path);
        try
        {
            var etag = Path.GetFileName(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? "");
            if (await BlobChecksum.ComputeAsync(path, etag, cancellation) is { } found)
                return found == etag
                    ? DoctorCheck.Ok("checksum", name, $"{found}, as the hub has it")
                    : DoctorCheck.Fail("checksum", name, $"{found}, and the hub has {etag}: pull it again");
            await using var file = File.OpenRead(path);
            return DoctorCheck.Ok("checksum", name, $"sha256:{Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation))}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return DoctorCheck.Fail("checksum", name, fault.Message);
        }
    }
}
