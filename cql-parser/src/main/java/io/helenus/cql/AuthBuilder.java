package io.helenus.cql;

import io.helenus.cql.ast.AuthStatement;
import io.helenus.cql.ast.AuthStatement.Permission;
import io.helenus.cql.ast.Identifier;
import io.helenus.cql.ast.Property;
import io.helenus.cql.grammar.CqlGrammar;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/// Contexts → statements about roles and permissions.
final class AuthBuilder {
    private final TermBuilder terms;
    private final SchemaBuilder schema;

    AuthBuilder(TermBuilder terms, SchemaBuilder schema) {
        this.terms = terms;
        this.schema = schema;
    }

    // Roles

    AuthStatement createRole(CqlGrammar.CreateRoleContext context) {
        return new AuthStatement.CreateRole(
                terms.roleName(context.roleName()),
                context.ifNotExists() != null,
                roleOptions(context.roleOption()));
    }

    AuthStatement alterRole(CqlGrammar.AlterRoleContext context) {
        return new AuthStatement.AlterRole(
                terms.roleName(context.roleName()),
                context.ifExists() != null,
                roleOptions(context.roleOption()));
    }

    private AuthStatement.RoleOptions roleOptions(List<CqlGrammar.RoleOptionContext> contexts) {
        AuthStatement.@Nullable Password password = null;
        @Nullable Boolean superuser = null;
        @Nullable Boolean login = null;
        @Nullable List<Property.Entry> options = null;
        AuthStatement.@Nullable Access datacenters = null;
        AuthStatement.@Nullable Access cidrGroups = null;
        Set<Class<?>> seen = new HashSet<>();
        for (CqlGrammar.RoleOptionContext context : contexts) {
            if (!seen.add(context.getClass())) {
                String option = context.getStart().getText().toUpperCase(Locale.ROOT);
                throw Syntax.error(
                        context.getStart(), "Multiple definition for property " + option);
            }
            switch (context) {
                case CqlGrammar.PasswordOptionContext option ->
                        password =
                                new AuthStatement.Password(
                                        string(option.STRING_VALUE()), option.HASHED() != null);
                case CqlGrammar.CustomOptionsContext option ->
                        options = SchemaBuilder.entries(option.propertyMap());
                case CqlGrammar.SuperuserOptionContext option ->
                        superuser = bool(option.BOOLEAN_VALUE());
                case CqlGrammar.LoginOptionContext option -> login = bool(option.BOOLEAN_VALUE());
                case CqlGrammar.DatacenterOptionContext option ->
                        datacenters = access(option.nameSet());
                case CqlGrammar.CidrOptionContext option -> cidrGroups = access(option.nameSet());
                default -> throw new AssertionError(context.getClass());
            }
        }
        return new AuthStatement.RoleOptions(
                password, superuser, login, options, datacenters, cidrGroups);
    }

    private static AuthStatement.Access access(CqlGrammar.@Nullable NameSetContext context) {
        if (context == null) {
            return AuthStatement.Access.ALL;
        }
        List<String> names = new ArrayList<>();
        for (TerminalNode name : context.STRING_VALUE()) {
            names.add(string(name));
        }
        return new AuthStatement.Access(false, names);
    }

    private static String string(TerminalNode node) {
        return Syntax.string(node.getSymbol());
    }

    private static Boolean bool(TerminalNode node) {
        return Boolean.valueOf(node.getText());
    }

    AuthStatement dropRole(CqlGrammar.DropRoleContext context) {
        return new AuthStatement.DropRole(
                terms.roleName(context.roleName()), context.ifExists() != null);
    }

    AuthStatement grantRole(CqlGrammar.GrantRoleContext context) {
        return new AuthStatement.GrantRole(
                terms.roleName(context.roleName(0)), terms.roleName(context.roleName(1)));
    }

    AuthStatement revokeRole(CqlGrammar.RevokeRoleContext context) {
        return new AuthStatement.RevokeRole(
                terms.roleName(context.roleName(0)), terms.roleName(context.roleName(1)));
    }

    AuthStatement listRoles(CqlGrammar.ListRolesContext context) {
        return new AuthStatement.ListRoles(
                optionalRole(context.roleName()), context.NORECURSIVE() == null);
    }

    private @Nullable Identifier optionalRole(CqlGrammar.@Nullable RoleNameContext context) {
        return context == null ? null : terms.roleName(context);
    }

    // Users

    AuthStatement createUser(CqlGrammar.CreateUserContext context) {
        return new AuthStatement.CreateUser(
                userIdentifier(context.userName()),
                context.ifNotExists() != null,
                password(context.userPassword()),
                context.SUPERUSER() != null);
    }

    AuthStatement alterUser(CqlGrammar.AlterUserContext context) {
        boolean unchanged = context.SUPERUSER() == null && context.NOSUPERUSER() == null;
        return new AuthStatement.AlterUser(
                userIdentifier(context.userName()),
                context.ifExists() != null,
                password(context.userPassword()),
                unchanged ? null : context.SUPERUSER() != null);
    }

    private static AuthStatement.@Nullable Password password(
            CqlGrammar.@Nullable UserPasswordContext context) {
        return context == null
                ? null
                : new AuthStatement.Password(
                        string(context.STRING_VALUE()), context.HASHED() != null);
    }

    /// Unlike other names, one of a user is not case-folded.
    private static String userName(CqlGrammar.UserNameContext context) {
        Token token = context.getStart();
        return token.getType() == CqlGrammar.STRING_VALUE ? Syntax.string(token) : token.getText();
    }

    private static Identifier userIdentifier(CqlGrammar.UserNameContext context) {
        return new Identifier(userName(context), Syntax.position(context.getStart()));
    }

    AuthStatement dropUser(CqlGrammar.DropUserContext context) {
        return new AuthStatement.DropUser(
                userIdentifier(context.userName()), context.ifExists() != null);
    }

    AuthStatement addIdentity(CqlGrammar.AddIdentityContext context) {
        return new AuthStatement.AddIdentity(
                userName(context.userName(0)),
                context.ifNotExists() != null,
                userName(context.userName(1)));
    }

    AuthStatement dropIdentity(CqlGrammar.DropIdentityContext context) {
        return new AuthStatement.DropIdentity(
                userName(context.userName()), context.ifExists() != null);
    }

    // Permissions

    AuthStatement listPermissions(CqlGrammar.ListPermissionsContext context) {
        return new AuthStatement.ListPermissions(
                permissions(context.permissions()),
                context.resource() == null ? null : resource(context.resource()),
                optionalRole(context.roleName()),
                context.NORECURSIVE() == null);
    }

    AuthStatement grantPermissions(CqlGrammar.GrantPermissionsContext context) {
        return new AuthStatement.GrantPermissions(
                permissions(context.permissions()),
                resource(context.resource()),
                terms.roleName(context.roleName()));
    }

    AuthStatement revokePermissions(CqlGrammar.RevokePermissionsContext context) {
        return new AuthStatement.RevokePermissions(
                permissions(context.permissions()),
                resource(context.resource()),
                terms.roleName(context.roleName()));
    }

    private static List<Permission> permissions(CqlGrammar.PermissionsContext context) {
        if (context.ALL() != null) {
            return List.of(Permission.values());
        }
        EnumSet<Permission> permissions = EnumSet.noneOf(Permission.class);
        for (CqlGrammar.PermissionContext permission : context.permission()) {
            permissions.add(Permission.valueOf(permission.getText().toUpperCase(Locale.ROOT)));
        }
        return List.copyOf(permissions);
    }

    private AuthStatement.Resource resource(CqlGrammar.ResourceContext context) {
        return switch (context) {
            case CqlGrammar.RootResourceContext root -> {
                String what = root.getStop().getText().toUpperCase(Locale.ROOT);
                yield AuthStatement.Root.valueOf("ALL_" + what);
            }
            case CqlGrammar.KeyspaceResourceContext keyspace ->
                    new AuthStatement.OnKeyspace(terms.identifier(keyspace.identifier()));
            case CqlGrammar.TablesResourceContext tables ->
                    new AuthStatement.OnAllTables(terms.identifier(tables.identifier()));
            case CqlGrammar.FunctionsResourceContext functions ->
                    new AuthStatement.OnAllFunctions(terms.identifier(functions.identifier()));
            case CqlGrammar.RoleResourceContext role ->
                    new AuthStatement.OnRole(terms.roleName(role.roleName()));
            case CqlGrammar.FunctionResourceContext function ->
                    new AuthStatement.OnFunction(
                            terms.functionName(function.functionName()),
                            schema.argumentTypes(function.argumentTypes()));
            case CqlGrammar.MbeanResourceContext mbean ->
                    mbean.MBEAN() == null
                            ? new AuthStatement.OnMBeans(string(mbean.STRING_VALUE()))
                            : new AuthStatement.OnMBean(string(mbean.STRING_VALUE()));
            case CqlGrammar.TableResourceContext table ->
                    new AuthStatement.OnTable(terms.tableName(table.tableName()));
            default -> throw new AssertionError(context.getClass());
        };
    }
}
