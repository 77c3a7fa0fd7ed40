using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Whence.Import.Read;

namespace Whence.Import.Check;

/// <summary>
/// ONNX Runtime (onnxruntime.ai), where someone has it: its assembly is loaded from a folder when it is asked for, by reflection, so that
/// nothing here depends on it or on its native library.
/// </summary>
public sealed class OnnxRuntime
{
    private const string AssemblyFile = "Microsoft.ML.OnnxRuntime.dll";

    private readonly Assembly assembly;

    private OnnxRuntime(Assembly assembly) => this.assembly = assembly;

    private delegate ReadOnlySpan<T> Reading<T>();

    /// <summary>Its version.</summary>
    public string Version => assembly.GetName().Version!.ToString(3);

    /// <summary>Loads ONNX Runtime.</summary>
    /// <param name="folder">
    /// A folder that holds its assembly, such as the output of a project that refers to the package Microsoft.ML.OnnxRuntime, or a folder
    /// of NuGet's packages; that of the user if null.
    /// </param>
    /// <exception cref="ImportException">It is not there.</exception>
    public static OnnxRuntime Open(string? folder)
    {
        var place = folder ?? Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var (file, natives) = File.Exists(Path.Combine(place, AssemblyFile))
            ? (Path.Combine(place, AssemblyFile), new[] { place, Path.Combine(place, "runtimes", Platform, "native") })
            : OfPackages(place);
        if (file is null)
        {
            throw new ImportException($"There is no {AssemblyFile} in '{place}', and no package microsoft.ml.onnxruntime.managed beside "
                + "microsoft.ml.onnxruntime: name a folder that has it, --runtime FOLDER.");
        }
        try
        {
            return new(new Context(natives).LoadFromAssemblyPath(Path.GetFullPath(file)));
        }
        catch (BadImageFormatException)
        {
            throw new ImportException($"'{file}' is no assembly.");
        }
    }

    /// <summary>What ONNX Runtime gives as the values that are the outputs of a model: inner ones also, which are made outputs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">What the model takes, by name.</param>
    /// <exception cref="ImportException">ONNX Runtime does not run the model, or an output is within a branch or a function.</exception>
    internal IReadOnlyList<Literal> Run(ImportedModel model, IReadOnlyDictionary<string, Literal> inputs)
    {
        var names = model.Graph.Outputs.Select(output => model.Graph.Computed.FirstOrDefault(one => one.Value == output)?.Name
            ?? throw new ImportException($"'{output.Name}' lies within a branch or a function, where ONNX Runtime does not show it."))
            .ToArray();
        try
        {
            return Run(model, names, inputs);
        }
        catch (TargetInvocationException wrapped) when (wrapped.InnerException is not null)
        {
            var cause = wrapped.InnerException is TypeInitializationException { InnerException: { } inner } ? inner
                : wrapped.InnerException;
            throw new ImportException($"ONNX Runtime {Version} does not run the model: {Printable.Line(cause.Message)}");
        }
    }

    private List<Literal> Run(ImportedModel model, string[] names, IReadOnlyDictionary<string, Literal> inputs)
    {
        using var options = (IDisposable)Made("SessionOptions");
        var level = options.GetType().GetProperty("GraphOptimizationLevel")!;
        level.SetValue(options, Enum.ToObject(level.PropertyType, 0));
        if (model.Folder is { } folder)
            Call(options, "AddSessionConfigEntry", "session.model_external_initializers_file_folder_path", folder);
        using var session = (IDisposable)Made("InferenceSession", model.WithOutputs(names), options);
        using var run = (IDisposable)Made("RunOptions");
        var values = Array.CreateInstance(Type("OrtValue"), inputs.Count);
        var place = 0;
        foreach (var input in inputs)
            values.SetValue(Given(input.Key, input.Value), place++);
        string[] taken = [.. inputs.Keys];
        var method = session.GetType().GetMethods().Single(method => method.Name == "Run" && method.GetParameters() is
            [{ ParameterType.Name: "RunOptions" }, _, { ParameterType: var of }, _] && of.GenericTypeArguments is [{ Name: "OrtValue" }]
            && method.ReturnType != typeof(void));
        using var outputs = (IDisposable)method.Invoke(session, [run, taken, values, names])!;
        var read = ((IEnumerable<object>)outputs).Select(Read).ToList();
        foreach (IDisposable value in values)
            value.Dispose();
        return read;
    }

    private object Given(string name, Literal values)
    {
        Array numbers = values.Type switch
        {
            ElementType.Float => Typed<float>(values),
            ElementType.Double => Typed<double>(values),
            ElementType.Int64 => Typed<long>(values),
            ElementType.Int32 => Typed<int>(values),
            ElementType.Bool => Typed<bool>(values),
            ElementType.UInt8 => Typed<byte>(values),
            _ => throw new ImportException($"The input '{name}' is of {values.Type}, which is not given to ONNX Runtime."),
        };
        var method = Type("OrtValue").GetMethods().Single(method => method.Name == "CreateTensorValueFromMemory"
            && method.GetParameters() is [{ ParameterType.IsArray: true }, _]);
        return method.MakeGenericMethod(numbers.GetType().GetElementType()!).Invoke(null,
            [numbers, values.Axes.Select(axis => (long)axis).ToArray()])!;
    }

    private static T[] Typed<T>(Literal values) => [.. Enumerable.Range(0, values.Count).Select(i =>
        (T)Convert.ChangeType(values[i], typeof(T), System.Globalization.CultureInfo.InvariantCulture))];

    private static Literal Read(object value)
    {
        var about = Call(value, "GetTensorTypeAndShape");
        var axes = ((long[])about.GetType().GetProperty("Shape")!.GetValue(about)!).Select(axis => (int)axis).ToArray();
        var type = about.GetType().GetProperty("ElementDataType")!.GetValue(about)!.ToString();
        return type == "Double" ? new(ElementType.Double, axes, Numbers<double>(value))
            : new(ElementType.Float, axes, Numbers<float>(value));
    }

    // A span cannot be handed over by reflection, but a delegate may give one.
    private static T[] Numbers<T>(object value) => value.GetType().GetMethod("GetTensorDataAsSpan")!.MakeGenericMethod(typeof(T))
        .CreateDelegate<Reading<T>>(value)().ToArray();

    private Type Type(string name) => assembly.GetType("Microsoft.ML.OnnxRuntime." + name, throwOnError: true)!;

    private object Made(string name, params object[] arguments) =>
        Type(name).GetConstructor([.. arguments.Select(argument => argument.GetType())])!.Invoke(arguments);

    private static object Call(object on, string name, params object[] arguments) =>
        on.GetType().GetMethod(name, [.. arguments.Select(argument => argument.GetType())])!.Invoke(on, arguments)!;

    private static string Platform => (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux") + "-"
        + RuntimeInformation.ProcessArchitecture switch { Architecture.Arm64 => "arm64", _ => "x64" };

    /// <summary>The newest of NuGet's packages of which both the assembly and the native library are there.</summary>
    private static (string? File, string[] Natives) OfPackages(string folder)
    {
        var managed = Path.Combine(folder, "microsoft.ml.onnxruntime.managed");
        var native = Path.Combine(folder, "microsoft.ml.onnxruntime");
        if (!Directory.Exists(managed) || !Directory.Exists(native))
            return (null, []);
        foreach (var version in Directory.GetDirectories(managed).Select(Path.GetFileName).OfType<string>()
            .OrderByDescending(name => System.Version.TryParse(name, out var version) ? version : new()))
        {
            var file = Path.Combine(managed, version, "lib", "net8.0", AssemblyFile);
            var library = Path.Combine(native, version, "runtimes", Platform, "native");
            if (File.Exists(file) && Directory.Exists(library))
                return (file, [library]);
        }
        return (null, []);
    }

    /// <summary>Finds the native library beside the assembly.</summary>
    private sealed class Context(string[] natives) : AssemblyLoadContext("ONNX Runtime")
    {
        protected override Assembly? Load(AssemblyName assemblyName) => null;

        protected override nint LoadUnmanagedDll(string unmanagedDllName)
        {
            string[] names = [unmanagedDllName, $"lib{unmanagedDllName}.so", $"lib{unmanagedDllName}.dylib", $"{unmanagedDllName}.dll"];
            var file = natives.SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
            return file is null ? 0 : LoadUnmanagedDllFromPath(Path.GetFullPath(file));
        }
    }
}
