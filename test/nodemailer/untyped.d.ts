// The older nodemailers ship no types of their own; what the tests touch of them is the same. (That of 8 has its own from elsewhere.)

declare module 'nodemailer6' {
  export { default } from 'nodemailer'
}
declare module 'nodemailer7' {
  export { default } from 'nodemailer'
}
declare module 'nodemailer9' {
  export { default } from 'nodemailer'
}
declare module 'nodemailer6/lib/addressparser' {
  export { default } from 'nodemailer/lib/addressparser'
}
