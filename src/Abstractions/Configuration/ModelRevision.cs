using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Grid.Abstractions.Configuration.Writing;

namespace Grid.Abstractions.Configuration;

/// <summary>What a replica serves, as one text: two replicas of equal revision are alike, and a changed revision is a rollout.</summary>
public static class ModelRevision
{
    /// <summary>What stands before the hash.</summary>
    public const string Prefix = "sha256:";

    /// <summary>The revision: of source, files, engine, parallelism, and the numbers of a simulated model, which are its files. All other keys apply in place.</summary>
    /// <param name="model">The specification.</param>
    /// <param name="checksum">Of the model's files; null: not known, or a simulated model.</param>
    public static string Of(ModelSpec model, string? checksum)
    {
        var document = ConfigDocument.Of(model);
        var content = new JsonObject { ["checksum"] = checksum };
        foreach (var key in (string[])["source", "engine", "parallelism", "sim"]) content[key] = document[key]?.DeepClone();
        return Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content.ToJsonString())));
    }
}
