namespace Whence.Gpu;

using System.Reflection;
using System.Runtime.InteropServices;

/// <summary>
/// Finds the drivers' libraries on Linux where only the file with a version is installed, as it is without development packages.
/// </summary>
internal static class NativeLibraries
{
    private static readonly Lazy<bool> Resolver = new(Install);

    /// <summary>Before the first context.</summary>
    public static void Resolve() => _ = Resolver.Value;

    private static bool Install()
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(ILGPU.Context).Assembly, Find);
            return true;
        }
        catch (InvalidOperationException)
        {
            // Somebody resolves ILGPU's libraries already.
            return false;
        }
    }

    private static nint Find(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (NativeLibrary.TryLoad(name, assembly, path, out var handle))
            return handle;
        return OperatingSystem.IsLinux() && Versioned(name) is { } versioned && NativeLibrary.TryLoad(versioned, out handle) ? handle : 0;
    }

    private static string? Versioned(string name) => name switch
    {
        _ when name.Contains("OpenCL", StringComparison.OrdinalIgnoreCase) => "libOpenCL.so.1",
        _ when name.Contains("cuda", StringComparison.OrdinalIgnoreCase) => "libcuda.so.1",
        _ => null,
    };
}
