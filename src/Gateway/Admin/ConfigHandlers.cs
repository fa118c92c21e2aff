using System.Globalization;
using System.Text.Json;
using Grid.Abstractions.Admin;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Http;
using Grid.Configuration.Changes;
using Grid.Configuration.Reading;
using Grid.Configuration.Writing;
using Grid.Configuration.Yaml;

namespace Grid.Gateway.Admin;

/// <summary>The configuration in force: read, compare, replace, roll back.</summary>
internal static class ConfigHandlers
{
    private const string Yaml = "application/yaml";

    public static async Task GetAsync(AdminCall call)
    {
        var current = (await call.Grid.GetConfigVersions()).LastOrDefault();
        call.Http.Response.Headers.ETag = Tag(current?.Version ?? 0);
        var asYaml = call.Http.Request.Headers.Accept.ToString().Contains("yaml", StringComparison.OrdinalIgnoreCase);
        if (asYaml) await call.WriteAsync(current?.Text ?? YamlWriter.Write(ConfigDocument.Of(GridConfigParser.Empty)), Yaml);
        else await call.WriteAsync(ConfigDocument.Of(ConfigOf(current)));
    }

    public static async Task PutAsync(AdminCall call)
    {
        var parsed = GridConfigParser.Parse(await call.ReadAsync(), call.Query("file") ?? "grid.yaml", Folder(call));
        if (parsed.Config is not { } config)
            throw AdminException.Config("The configuration", parsed.Faults);
        var expected = Expected(call);
        if (call.Switch("dryRun"))
        {
            await call.WriteAsync(AdminJson.Document("ConfigDiff", await CompareAsync(call, config, expected)));
            return;
        }

        await AnswerAsync(call, AdminCall.Unwrap(await call.Grid.Apply(config, ConfigText.Portable(parsed), expected, call.Actor)));
    }

    public static async Task VersionsAsync(AdminCall call) =>
        await call.WriteAsync(AdminJson.List("ConfigVersion", await call.Grid.GetConfigVersions()));

    public static async Task RollbackAsync(AdminCall call)
    {
        if (JsonSerializer.Deserialize<Rollback>(await call.ReadAsync(), AdminJson.Form)?.Version is not { } version)
            throw AdminException.Invalid("version must be given: {\"version\": 2}.");
        await AnswerAsync(call, AdminCall.Unwrap(await call.Grid.Rollback(version, call.Actor)));
    }

    /// <summary>The folder at which relative paths of a body start: the client's, else this process's.</summary>
    /// <exception cref="AdminException">The folder is relative itself (400).</exception>
    public static string Folder(AdminCall call)
    {
        if (call.Query("folder") is not { } folder) return Environment.CurrentDirectory;
        return Path.IsPathFullyQualified(folder)
            ? folder
            : throw AdminException.Invalid($"folder must be an absolute path; got '{folder}'.");
    }

    private static async Task<ConfigDiffView> CompareAsync(AdminCall call, GridConfig config, long? expected)
    {
        var current = (await call.Grid.GetConfigVersions()).LastOrDefault();
        var version = current?.Version ?? 0;
        if (expected is { } wanted && wanted != version)
            throw new AdminException(
                new AdminFault(StatusCodes.Status412PreconditionFailed, "version", $"Version {version} is in force, not {wanted}.", []));
        var desired = (await call.Grid.GetStatus()).Models.ToDictionary(model => model.Name, model => model.Desired);
        // A model that was deleted by hand comes back with the next apply, so it shows as one to add.
        var inForce = ConfigOf(current);
        inForce = inForce with { Models = [.. inForce.Models.Where(model => desired.ContainsKey(model.Name))] };
        var changes = ConfigChanges.Between(current is null ? null : inForce, config);
        var scaled = inForce.Models
            .Where(model =>
            model.Replicas is { } replicas && desired[model.Name] != replicas && config.Models.Any(other => other.Name == model.Name))
            .Select(model => new ScaledModel(model.Name, model.Replicas!.Value, desired[model.Name]))
            .ToArray();
        return new ConfigDiffView(version, !changes.IsEmpty || scaled.Length > 0, changes.Grid, changes.Models, scaled);
    }

    private static Task AnswerAsync(AdminCall call, ConfigVersionView version)
    {
        call.Http.Response.Headers.ETag = Tag(version.Version);
        return call.WriteAsync(AdminJson.Document("ConfigVersion", version));
    }

    private static GridConfig ConfigOf(ConfigVersionView? version) =>
        version is null
            ? GridConfigParser.Empty
            : ConfigText.Read(version.Text)
            ?? throw new InvalidDataException($"Version {version.Version} of the configuration cannot be read by this version of grid.");

    private static string Tag(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    private static long? Expected(AdminCall call)
    {
        var given = call.Http.Request.Headers.IfMatch.ToString();
        if (given is "" or "*") return null;
        var text = (given.StartsWith("W/", StringComparison.Ordinal) ? given[2..] : given).Trim('"');
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)

                ? version
                : throw new AdminException(
                new AdminFault(StatusCodes.Status412PreconditionFailed, "version",
                    $"If-Match must be an ETag that GET /admin/v1/config gave; got '{given}'.", []));
    }

    private sealed record Rollback(long? Version);
}
