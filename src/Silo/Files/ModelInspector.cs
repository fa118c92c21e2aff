using System.Security.Cryptography;
using System.Text;
using Grid.Engine.Configuration;
using Grid.Engine.Devices;
using Grid.Engine.Models.Files;
using Grid.Engine.Planning;
using Grid.Engine.Weights;
using Grid.Primitives.Options;
using Report = Grid.Abstractions.Nodes.ModelFiles;

namespace Grid.Silo.Files;

/// <summary>Looks at where models' sources point, so that placement knows which nodes have the same files and how large they are.</summary>
/// <param name="device">The kind of device that they would be loaded on.</param>
internal sealed class ModelInspector(DeviceKind device)
{
    // What a model can be made of; texts for people don't count.
    private static readonly string[] Extensions = [".json", ".safetensors", ".bin", ".gguf", ".txt", ".model", ".jinja"];

    private readonly FileDigests _digests = new();

    /// <summary>What a source points at, here and now. Reads whole files the first time.</summary>
    public Report Inspect(string source)
    {
        if (SimulatedModel.Is(source)) return new Report(source, SimulatedModel.Source, 0, 0, 0, null);
        try
        {
            var files = ModelFiles.Resolve(source);
            var config = files.ReadConfig();
            using var weights = HasWeights(files) ? files.OpenWeights(config) : null;
            return new Report(
                source, Checksum(files), weights is null ? 0 : WeightsBytes(weights, config),
                ModelMemory.KVBytesPerToken(config, device), MaxModelLength.Derive(config), null,
                ModelProfile.Of(config, ModelMemory.ElementBytes(config, device), weights).ToJson());
        }
        catch (Exception e) when (e is ModelLoadException or IOException or UnauthorizedAccessException)
        {
            return new Report(source, null, 0, 0, 0, e.Message);
        }
    }

    private static IEnumerable<string> Paths(ModelFiles files) => files.GgufPath is { } gguf ? [gguf]
        : Directory.EnumerateFiles(files.Folder)
            .Where(path => Extensions.Contains(Path.GetExtension(path)) && Path.GetFileName(path)[0] != '.')
            .Order(StringComparer.Ordinal);

    private static bool HasWeights(ModelFiles files) =>
        Paths(files).Any(path => Path.GetExtension(path) is ".safetensors" or ".bin" or ".gguf");

    private long WeightsBytes(IWeightSource weights, ModelConfig config) =>
        weights.Names.Sum(name => weights.Find(name) is { } tensor ? tensor.Rows * tensor.RowLength : 0) * ModelMemory.ElementBytes(config,
        device);

    private string Checksum(ModelFiles files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in Paths(files))
        {
            var (size, digest) = _digests.Of(path);
            hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetFileName(path)}\n{size}\n{digest}\n"));
        }

        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
