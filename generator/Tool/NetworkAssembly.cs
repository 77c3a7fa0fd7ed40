using System.Reflection;
using System.Runtime.Loader;

namespace Whence.Tool;

/// <summary>
/// An assembly of somebody's with networks. What it needs is looked for beside it, but for Whence, of which there is one.
/// </summary>
internal sealed class NetworkAssembly : AssemblyLoadContext
{
    private readonly AssemblyDependencyResolver resolver;
    private readonly string path;

    private NetworkAssembly(string path) => (this.path, resolver) = (path, new AssemblyDependencyResolver(path));

    /// <summary>Opens an assembly.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static NetworkAssembly Open(string path)
    {
        path = Path.GetFullPath(path);
        return File.Exists(path) ? new NetworkAssembly(path) : throw new FileNotFoundException($"There is no file {path}.");
    }

    /// <summary>The method <c>Load(string path)</c> of a network's class.</summary>
    /// <param name="name">The class, with or without its namespace; null for the only one.</param>
    /// <exception cref="InvalidDataException">It is no assembly, has no such network, or needs what is not there.</exception>
    public MethodInfo Loader(string? name)
    {
        var all = Loaders();
        if (all.Count == 0)
            throw new InvalidDataException(
                $"{FileName} has no network: a public class with [Network] that the generator of the package Whence has compiled.");
        var found = name is null ? all : [.. all.Where(load => load.DeclaringType!.Name == name || load.DeclaringType.FullName == name)];
        var names = string.Join(", ", all.Select(load => load.DeclaringType!.FullName).Order(StringComparer.Ordinal));
        return found switch
        {
            [var one] => one,
            [] => throw new InvalidDataException($"{FileName} has no network \"{name}\"; it has {names}."),
            _ when name is null => throw new InvalidDataException($"{FileName} has several networks, {names}: say which with --network."),
            _ => throw new InvalidDataException($"{FileName} has several networks \"{name}\", of {names}: name its namespace too."),
        };
    }

    private List<MethodInfo> Loaders()
    {
        try
        {
            return [.. LoadFromAssemblyPath(path).GetExportedTypes()
                .Where(type => type.IsAssignableTo(typeof(INetwork)) && !type.IsAbstract)
                .Select(type => type.GetMethod("Load", BindingFlags.Public | BindingFlags.Static, [typeof(string)]))
                .OfType<MethodInfo>().Where(load => load.ReturnType.IsAssignableTo(typeof(INetwork)))];
        }
        catch (BadImageFormatException)
        {
            throw new InvalidDataException($"{FileName} is no .NET assembly.");
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or TypeLoadException or MissingMethodException)
        {
            throw new InvalidDataException(
                $"{FileName} needs what is not beside it, or another version of Whence than this tool's, "
                    + $"{typeof(INetwork).Assembly.GetName().Version!.ToString(3)}: {e.Message} Publish its project, and run what that "
                    + "writes.", e);
        }
    }

    private string FileName => Path.GetFileName(path);

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // Null leaves it to the tool's own: an INetwork must be the same to both.
        if (assemblyName.Name is "Whence" or "Whence.Data")
            return null;
        return resolver.ResolveAssemblyToPath(assemblyName) is { } found ? LoadFromAssemblyPath(found) : null;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } found ? LoadUnmanagedDllFromPath(found) : 0;
}
