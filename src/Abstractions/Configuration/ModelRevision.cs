using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Grid.Primitives.Options;

namespace Grid.Abstractions.Configuration;

/// <summary>
/// The revision of a model as one text: two replicas of the same revision serve the same, and a changed revision is a rollout.
/// </summary>
public static class ModelRevision
{
    /// <summary>The prefix of the hash.</summary>
    public const string Prefix = "sha256:";

    /// <summary>
    /// The revision: of source, files, engine, parallelism, and the numbers of a simulated model, which are its files. All other keys apply
    /// in place, names included; so does <c>parallelism.data</c> of a model with expert shards, whose ranks come and go while the others
    /// serve.
    /// </summary>
    /// <param name="checksum">The checksum of the model's files; null if it is unknown or the model is simulated.</param>
    public static string Of(ModelSpec model, string? checksum)
    {
        var text = new StringBuilder();
        text.Append(model.Source).Append('\n').Append(checksum).Append('\n');
        foreach (var (key, value) in (model.Engine ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal)) text.Append(key).Append('=')
            .Append(value).Append('\n');
        if (model.Parallelism is { Auto: false } p)
            text.Append(CultureInfo.InvariantCulture,
                $"{p.Tensor} {p.Pipeline} {(p.Expert > 1 ? 0 : p.Data)} {p.Expert} "
                + $"{EngineChoices.Backends.NameOf(p.Backend)} {string.Join(',', p.PipelineLayers ?? [])}\n");
        text.Append(CultureInfo.InvariantCulture, $"{model.Sim ?? (SimulatedModel.Is(model.Source) ? new SimSpec() : null)}");
        return Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
