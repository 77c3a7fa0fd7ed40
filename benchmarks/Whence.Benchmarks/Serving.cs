using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;

namespace Whence.Benchmarks;

/// <summary>
/// A process that measures one build of the benchmarks, this one or any other, as its input asks: the far side of
/// <see cref="ServedBuild"/>. The build is loaded beside this one, and all that is asked of it by name is what every build has:
/// <c>Subject.Load</c>, <c>Questions</c> and its <c>Shared</c>. Both builds are loaded like this, so that neither has an advantage.
/// </summary>
internal sealed class Serving
{
    private readonly Assembly build;
    private readonly bool cpu;
    private readonly Dictionary<string, object> subjects = [];
    private Action? ask;

    /// <param name="folder">Where the build's Whence.Benchmarks.dll, what it needs and the weights are.</param>
    /// <param name="cpu">Whether processor time is measured rather than time that passes.</param>
    private Serving(string folder, bool cpu)
    {
        // Networks look for their weights beside the program that runs.
        AppContext.SetData("APP_CONTEXT_BASE_DIRECTORY", Path.GetFullPath(folder) + Path.DirectorySeparatorChar);
        build = new Beside(Path.GetFullPath(Path.Combine(folder, "Whence.Benchmarks.dll"))).Build;
        this.cpu = cpu;
    }

    /// <summary>Answers line by line until its input ends.</summary>
    public static void Run(string folder, bool cpu)
    {
        var serving = new Serving(folder, cpu);
        while (Console.ReadLine() is { } line)
        {
            try
            {
                Console.WriteLine(serving.Answer(line.Split(' ')));
            }
            catch (TargetInvocationException error)
            {
                Console.WriteLine($"{ServedBuild.Lacks} {error.InnerException!.Message.ReplaceLineEndings(" ")}");
            }
            catch (Exception error) when (error is ArgumentException or MissingMemberException or TypeLoadException)
            {
                Console.WriteLine($"{ServedBuild.Lacks} {error.Message.ReplaceLineEndings(" ")}");
            }
        }
    }

    private string Answer(string[] words) => words switch
    {
        ["warm", var network, var method, var batch, var seconds] =>
            Warm(new(network, method, Whole(batch)), double.Parse(seconds, CultureInfo.InvariantCulture)),
        ["time", var calls] => Time(Whole(calls)),
        _ => throw new ArgumentException($"{words[0]} is no question."),
    };

    private static int Whole(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    // As long as asked, in which time the runtime compiles what is called often a second time; answers the fastest call's microseconds.
    private string Warm(Question question, double seconds)
    {
        ask = Ask(question);
        var (begin, fastest) = (Stopwatch.GetTimestamp(), double.MaxValue);
        do
        {
            var start = Stopwatch.GetTimestamp();
            ask();
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }
        while (Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds);
        return fastest.ToString(CultureInfo.InvariantCulture);
    }

    // Microseconds and allocated bytes of a call, the mean of these calls.
    private string Time(int calls)
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = Now();
        for (var i = 0; i < calls; i++)
            ask!();
        var time = Now() - start;
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        return string.Create(CultureInfo.InvariantCulture, $"{time / calls} {bytes / calls}");
    }

    private double Now() =>
        cpu ? Environment.CpuUsage.TotalTime.TotalMicroseconds : Stopwatch.GetElapsedTime(0).TotalMicroseconds;

    private Action Ask(Question question)
    {
        var subjectType = build.GetType("Whence.Benchmarks.Subject", throwOnError: true)!;
        if (!subjects.TryGetValue(question.Network, out var subject))
            subject = subjects[question.Network] = subjectType.GetMethod("Load")!.Invoke(null, [question.Network])!;
        var questionsType = build.GetType("Whence.Benchmarks.Questions", throwOnError: true)!;
        var questions = Activator.CreateInstance(questionsType, subject, question.Batch);
        var shared = (IEnumerable<(string Method, Action Ask)>)questionsType.GetProperty("Shared")!.GetValue(questions)!;
        return shared.Where(one => one.Method == question.Method).Select(one => one.Ask).FirstOrDefault()
            ?? throw new ArgumentException($"There is no question {question.Method}.");
    }

    /// <summary>A build with its own Whence; what the framework has it shares.</summary>
    private sealed class Beside : AssemblyLoadContext
    {
        private readonly AssemblyDependencyResolver resolver;

        public Beside(string program) : base(program)
        {
            resolver = new(program);
            Build = LoadFromAssemblyPath(program);
        }

        public Assembly Build { get; }

        protected override Assembly? Load(AssemblyName name) =>
            resolver.ResolveAssemblyToPath(name) is { } path ? LoadFromAssemblyPath(path) : null;
    }
}
