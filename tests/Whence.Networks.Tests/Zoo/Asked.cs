using System.Reflection;
using Whence.Authoring;
using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Networks.Tests.Zoo;

/// <summary>The runtime's Methods as the compiler reads them.</summary>
internal static class AskedOf
{
    public static AskedMethods These(Methods methods)
    {
        var names = Enum.GetNames<Methods>()
            .Where(name => Enum.Parse<Methods>(name) is not 0 and var one && (methods & one) == one)
            .ToList();
        var given = names.Select(name => typeof(Methods).GetField(name)!.GetCustomAttribute<GivesAttribute>()?.Network)
            .OfType<Type>()
            .ToList();
        return new(names.ToEquatable(),
            given.Where(one => !given.Any(other => other != one && other.IsAssignableTo(one))).Select(one => one.Name).Distinct()
                .ToEquatable());
    }
}
