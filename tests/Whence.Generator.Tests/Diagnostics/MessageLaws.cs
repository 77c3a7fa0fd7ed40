using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Whence.Generator.Bind;

namespace Whence.Generator.Tests.Diagnostics;

/// <summary>
/// Messages speak the user's language: whatever stands in Forward is told in words, never by the compiler's names for it.
/// </summary>
public partial class MessageLaws
{
    /// <summary>C# with an operation of every kind that there is in C#.</summary>
    private const string Everything = """
        using System.Collections.Generic;
        public unsafe class Everything<T> where T : new()
        {
            private event Action? Happened;
            private int field = 1;
            private int Property { get; set; } = 2;
            private int this[int i] => i;
            private readonly dynamic moving = 1;
            private delegate*<int, int> pointer;
            public Everything(int n = 3) : base() { }
            public Everything() : this(4) => field = 5;
            static Everything() { }
            ~Everything() { }
            [System.Runtime.CompilerServices.InlineArray(2)] private struct Two { public int First; }
            private class Holder { public Holder Inner = null!; public int Value; }
            private record Row(int A) { public int B { get; init; } }
            private struct Tally { public int Count; public static Tally operator +(Tally a, int b) => a; public static Tally operator ++(Tally a) => a; }

            private IEnumerable<Tensor> Statements(Tensor x, object o, int n, bool b)
            {
                int[] array = { 1, 2 }, sized = new int[n];
                int[,] grid = new int[2, 2];
                ;
                if (b) n++; else n--;
                for (var i = 0; i < 3; i++) { if (i == 1) continue; else break; }
                foreach (var i in array) n += i;
                while (b) { b = false; }
                do { b = false; } while (b);
                switch (n) { case 1: break; case > 2 and < 5: goto case 1; case 6 or 7 when b: goto default; default: break; }
                switch (o) { case int whole: n = whole; break; case var any: break; }
                lock (o) { }
                try { throw new InvalidOperationException("no"); } catch (Exception e) when (b) { } finally { }
                using (var stream = new System.IO.MemoryStream()) { }
                using var other = new System.IO.MemoryStream();
                fixed (int* p = array) { n = *p; }
                checked { n = n * 2; }
                label: if (b) goto label;
                int Local(int y) => y + n;
                yield return x;
                if (b) yield break;
                Happened += () => { };
                Happened?.Invoke();
                var (left, right) = (n, Local(3));
                (left, right) = (right, left);
                ref var alias = ref array[0];
                alias ??= 3;
                grid[0, 1] = array[^1] + sizeof(int) + sizeof(Two);
                stackalloc int[3].Fill(1);
                var slice = array[1..];
                var list = new List<int> { 1, 2 };
                var span = list[^1];
                var two = new Two();
                var element = two[1];
                var tally = new Tally();
                tally += 2;
                tally++;
            }

            private object? Expressions(Tensor x, object o, int? n, bool b, string s, List<int> list)
            {
                var row = new Row(1) { B = 2 };
                var holder = new Holder { Inner = { Value = 1 } };
                var made = new System.Text.StringBuilder(moving);
                var all = new object?[]
                {
                    1, "a", 1.5, null, default(int), nameof(x), typeof(int), sizeof(int), "u8"u8.ToArray(), $"n is {n}{s,3:d}", -1, !b, ~3, +2, n ?? 3, o as string, o is int, o is not null,
                    o is { } some, o is string { Length: > 2 }, (1, 2) is (1, var second), list is [1, .., 3], (object)1, b ? 1 : 2, n switch { 1 => 2, _ => 3 }, o switch { int => 1, _ => 2 }, s?.Length, s!.Length,
                    new { A = 1 }, new T(), new List<int> { 1 }, new Dictionary<int, int> { [1] = 2 }, (Func<int, int>)(y => y + 1), (Func<int>)delegate { return 1; }, (Func<int>)s.GetHashCode,
                    from one in list where one > 1 orderby one select one * 2, list.Select(one => one), row with { B = 3 }, (1, 2) == (1, 3), b && !b || b ^ b, list[0], this[1], field, Property, moving.Some,
                    moving.Call(1), moving[0], moving + 1, x.Shape, x + x, x, this, checked((byte)n!), n > 1, n == null, x == x, s + "a", 1 << 3, 5 % 3, 7 >>> 1, (int[])[1, .. list, 2], throw_(o),
                };
                field = Property = 3;
                field += 2;
                n ??= 4;
                s ??= "b";
                _ = field++;
                _ = int.TryParse("1", out var parsed);
                _ = int.TryParse("1", out _);
                pointer = &Twice;
                fixed (int* p = new int[2]) { field = pointer(*p); var q = &p; }
                return all;
                static object throw_(object? value) => value ?? throw new ArgumentNullException(nameof(value));
            }

            private static int Twice(int n) => n * 2;

            private async System.Threading.Tasks.Task<int> Waiting(IAsyncEnumerable<int> many)
            {
                await System.Threading.Tasks.Task.Yield();
                await foreach (var one in many) { }
                return System.Text.Encoding.UTF8.GetBytes($"{many}").Length;
            }

            private static string Text(int n) { System.Diagnostics.Debug.Assert(n > 1, $"{n} is {n}" + $"{n}"); return string.Create(null, $"{n}"); }
        }
        """;

    /// <summary>Kinds of Visual Basic, of flow graphs, and of code that does not compile, which is the compiler's to report.</summary>
    private static readonly HashSet<OperationKind> elsewhere =
    [
        OperationKind.None, OperationKind.Invalid, OperationKind.Stop, OperationKind.End, OperationKind.RaiseEvent, OperationKind.ReDim,
        OperationKind.ReDimClause, OperationKind.TranslatedQuery,
        OperationKind.FlowCapture, OperationKind.FlowCaptureReference, OperationKind.IsNull, OperationKind.CaughtException,
        OperationKind.StaticLocalInitializationSemaphore, OperationKind.FlowAnonymousFunction,
        OperationKind.OmittedArgument, OperationKind.Parenthesized, OperationKind.InterpolatedStringAppendInvalid, OperationKind.Attribute,
        OperationKind.VariableInitializer,
    ];

    // The compiler's own list forbids to name one that it has replaced.
    private const string Replaced = "CollectionElementInitializer";

    private static readonly Lazy<IReadOnlyList<IOperation>> operations = new(Read);

    public static TheoryData<string> Kinds => [.. operations.Value.Select(operation => operation.Kind.ToString()).Distinct()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void NoMessageNamesWhatTheCompilerCallsIt(string kind)
    {
        foreach (var operation in operations.Value.Where(operation => operation.Kind.ToString() == kind))
        {
            var message = Describe.Of(operation);
            Assert.NotEqual("", message);
            foreach (Match word in Compound().Matches(message.Replace(operation.Syntax.ToString(), "", StringComparison.Ordinal)))
                Assert.DoesNotContain(word.Value, names.Value);
            Assert.DoesNotMatch(@"Syntax\b|Operation\b|Expression\b", message);
            Assert.DoesNotMatch(@"the operator "
                + $@"({string.Join("|", Enum.GetNames<BinaryOperatorKind>().Concat(Enum.GetNames<UnaryOperatorKind>()))})\b", message);
        }
    }

    private static readonly Lazy<HashSet<string>> names = new(() =>
        [.. Enum.GetNames<OperationKind>(), .. Enum.GetNames<SyntaxKind>(),
            .. typeof(IOperation).Assembly.GetTypes().Select(type => type.Name),
            .. typeof(SyntaxKind).Assembly.GetTypes().Select(type => type.Name)]);

    [Fact]
    public void EveryKindIsTried()
    {
        var tried = operations.Value.Select(operation => operation.Kind).ToHashSet();
        var missing = string.Join(", ", Enum.GetValues<OperationKind>()
            .Distinct()
            .Where(kind => !tried.Contains(kind) && !elsewhere.Contains(kind) && kind.ToString() != Replaced));
        Assert.True(missing.Length == 0, $"No C# of these kinds is tried: {missing}");
    }

    private static List<IOperation> Read()
    {
        var compilation = Source.Compile(Source.Usings + Everything);
        compilation = compilation.WithOptions(compilation.Options.WithAllowUnsafe(true));
        var tree = compilation.SyntaxTrees.Single();
        var model = compilation.GetSemanticModel(tree);
        return [.. tree.GetRoot()
            .DescendantNodes()
            .Where(node => node is BaseMethodDeclarationSyntax or EqualsValueClauseSyntax or AttributeSyntax)
            .Select(node => model.GetOperation(node)).OfType<IOperation>().SelectMany(operation => operation.DescendantsAndSelf())];
    }

    /// <summary>A word with a capital inside, as names of types have.</summary>
    [GeneratedRegex(@"\b[A-Z][a-z]+[A-Z]\w+\b")]
    private static partial Regex Compound();
}
