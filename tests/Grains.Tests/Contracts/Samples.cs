using System.Collections;
using System.Reflection;
using Grid.Abstractions.Admin;

namespace Grid.Grains.Tests.Contracts;

/// <summary>Makes values in which no member has its default.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset Time = new(2026, 3, 14, 15, 9, 26, TimeSpan.Zero);

    public static object Of(Type type) => Nullable.GetUnderlyingType(type) is { } value ? Of(value) : type switch
    {
        _ when type == typeof(string) => "text",
        _ when type == typeof(bool) => true,
        _ when type == typeof(int) => 3,
        _ when type == typeof(long) => 1L << 40,
        _ when type == typeof(double) => 0.25,
        _ when type == typeof(TimeSpan) => TimeSpan.FromSeconds(7),
        _ when type == typeof(DateTimeOffset) => Time,
        _ when type == typeof(ReplicaId) => new ReplicaId("owner/модель", 2),
        _ when type == typeof(RankId) => new ReplicaId("owner/модель", 2).Rank(1),
        _ when type == typeof(ShardId) => new ShardId(1, 2, 3),
        _ when type == typeof(ExpertShardId) => new ExpertShardId(4),
        _ when type == typeof(ReplicaShardId) => new ReplicaId("owner/модель", 2).Shard(new ExpertShardId(4)),
        { IsEnum: true } => Enum.GetValues(type).GetValue(1)!,
        { IsArray: true } => ArrayOf(type.GetElementType()!),
        { IsGenericTypeDefinition: true } => Of(type.MakeGenericType(typeof(StoreView))),
        { IsGenericType: true } when typeof(IDictionary).IsAssignableFrom(type) =>
            Filled(type, typeof(IDictionary).GetMethod(nameof(IDictionary.Add))!),
        { IsGenericType: true } when type.IsAssignableTo(typeof(IEnumerable)) => Filled(type, type.GetMethod("Add")!),
        _ => Instance(type),
    };

    private static Array ArrayOf(Type element)
    {
        var array = Array.CreateInstance(element, 1);
        array.SetValue(Of(element), 0);
        return array;
    }

    private static object Filled(Type type, MethodInfo add)
    {
        var collection = Activator.CreateInstance(type)!;
        add.Invoke(collection, [.. type.GetGenericArguments().Select(Of)]);
        return collection;
    }

    private static object Instance(Type type)
    {
        var constructor = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(candidate => candidate.GetParameters() is not [{ } only] || only.ParameterType != type)
            .MaxBy(candidate => candidate.GetParameters().Length)!;
        var value = constructor.Invoke([.. constructor.GetParameters().Select(parameter => Of(parameter.ParameterType))]);
        foreach (var (_, member) in ContractText.MembersOf(type))
            if (constructor.GetParameters().Length == 0) member.SetValue(value, Of(member.PropertyType));
        return value;
    }
}
