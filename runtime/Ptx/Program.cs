using System.Reflection;

// Run by the build, with the libraries of the program that it is asked about: dotnet exec --depsfile App.deps.json --runtimeconfig
// App.runtimeconfig.json Whence.Ptx.dll App.dll FOLDER ARCHITECTURE
if (args is not [var program, var folder, var architecture])
{
    Console.Error.WriteLine("Whence.Ptx takes a program's assembly, the folder that the texts go to, and an architecture such as sm_80.");
    return 1;
}
try
{
    var write = Assembly.Load("Whence.Gpu").GetType("Whence.GpuPtx", throwOnError: true)!.GetMethod("Write")!;
    var files = (IEnumerable<string>)write.Invoke(null, BindingFlags.DoNotWrapExceptions, null,
        [Assembly.LoadFrom(Path.GetFullPath(program)), folder, architecture], null)!;
    foreach (var file in files)
        Console.WriteLine($"{Path.GetFileNameWithoutExtension(file)} -> {Path.GetFullPath(file)}");
    return 0;
}
catch (Exception e)
{
    // As MSBuild reads errors.
    Console.Error.WriteLine($"Whence.Ptx : error : {e.Message.ReplaceLineEndings(" ")}");
    return 1;
}
